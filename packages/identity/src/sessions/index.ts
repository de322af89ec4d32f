export { type CallerSession, callerSession, sessionOf } from "./caller_session.ts";
export { type Ending, endSessions, openSessionsOf } from "./end_sessions.ts";
export { isLive, liveSessions } from "./liveness.ts";
export { sessionJson, sessionWithActivityJson } from "./session_json.ts";
export { type StartedSession, startSession } from "./start_session.ts";

export { type CallerSession, callerSession, sessionOf } from "./caller_session.ts";
export { endSessions, openSessionsOf } from "./end_sessions.ts";
export { isLive, liveSessions } from "./liveness.ts";
export { sessionJson, sessionWithActivityJson } from "./session_json.ts";
export { insertSession, startSession } from "./start_session.ts";

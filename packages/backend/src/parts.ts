/** The backend's parts by themselves, for a simulation that puts them together with clocks and networks of its own. */
export { ANONYMOUS, type Authenticator, type Caller } from "./auth/caller.ts";
export { Executor } from "./execute/executor.ts";
export { LiveQueries } from "./live/live_queries.ts";
export { FunctionLog } from "./logs/function_log.ts";
export type { Seams } from "./seams.ts";
export { SyncSession } from "./sync/session.ts";
export type { SyncSocket, SyncSocketListener } from "./sync/socket.ts";
export { TransitionEncoder } from "./sync/transitions.ts";

export type { TokenFacts, TokenGate } from "./auth/caller.ts";
export { ThreadedSignatures } from "./auth/signatures/threaded_signatures.ts";
export { type Backend, type BackendOptions, openBackend } from "./backend.ts";
export { acceptWebSockets } from "./http/web_socket.ts";
export { LIMITS, type LimitName, type LimitRule, type Limits, readLimits } from "./limits.ts";
export type { Seams } from "./seams.ts";
export type { SyncSocket, SyncSocketListener } from "./sync/socket.ts";

export { type EndedSession, Events } from "./events/events.ts";
export { type Identity, type IdentityFacts, type IdentityOptions, openIdentity } from "./identity.ts";
export { LIMITS, type LimitName, type LimitRule, type Limits, readLimits } from "./limits.ts";
export type { Seams } from "./seams.ts";

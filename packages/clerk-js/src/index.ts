export { parsePublishableKey } from "./address/publishable_key.ts";
export { type AuthorizationFacts, isAuthorized } from "./authorization.ts";
export { Clerk } from "./clerk.ts";
export {
  ClerkAPIResponseError,
  ClerkOfflineError,
  ClerkRuntimeError,
  isClerkAPIResponseError,
  isClerkRuntimeError,
  isKnownError,
} from "./errors.ts";
export type * from "./types/index.ts";

export {
  ClerkAPIResponseError,
  ClerkOfflineError,
  ClerkRuntimeError,
  isClerkAPIResponseError,
  isClerkRuntimeError,
  isKnownError,
} from "./errors.ts";
export type * from "./types/index.ts";

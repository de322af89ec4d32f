import { isClerkRuntimeError } from "@tandem/clerk-js";

export {
  ClerkAPIResponseError,
  ClerkOfflineError,
  ClerkRuntimeError,
  isClerkAPIResponseError,
  isClerkRuntimeError,
  isKnownError,
} from "@tandem/clerk-js";

/** Whether the user declined to show once more who they are. */
export function isReverificationCancelledError(error: unknown): boolean {
  return isClerkRuntimeError(error) && error.code === "reverification_cancelled";
}

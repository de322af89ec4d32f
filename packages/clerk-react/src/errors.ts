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

/** Why a link in an e-mail did not sign anybody in. */
export const EmailLinkErrorCode = {
  Expired: "expired",
  Failed: "failed",
  ClientMismatch: "client_mismatch",
} as const;

/** The same under the name that version 6 gives it. */
export const EmailLinkErrorCodeStatus = EmailLinkErrorCode;

/** Whether an error is that of a link in an e-mail; its `code` is one of `EmailLinkErrorCode`. */
export function isEmailLinkError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === "EmailLinkError";
}

/** What a wallet answers to somebody who declines, and to parameters or a state that it cannot do with (EIP-1193). */
const WALLET_ERRORS: readonly unknown[] = [4001, 32602, 32603];

/** Whether an error is a wallet's. */
export function isMetamaskError(error: unknown): error is { code: number; message: string } {
  return (
    typeof error === "object" &&
    error !== null &&
    "message" in error &&
    "code" in error &&
    WALLET_ERRORS.includes(error.code)
  );
}

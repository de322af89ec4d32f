import type { ClerkAPIError } from "./errors.ts";

export type VerificationStatus = "unverified" | "verified" | "failed" | "expired" | "transferable";

/** How far one proof of an address, a password or an account has come (F §4.5). */
export interface VerificationResource {
  /** Null when the proof has not been started. */
  status: VerificationStatus | null;
  strategy: string | null;
  attempts: number | null;
  expireAt: Date | null;
  nonce: string | null;
  message: string | null;
  externalVerificationRedirectURL: URL | null;
  verifiedAtClient: string | null;
  channel?: "sms" | "whatsapp";
  error: ClerkAPIError | null;
  /** Whether this proof was completed by the same client that started it. */
  verifiedFromTheSameClient(): boolean;
}

/** A verification of a sign-up also says what is to be done next (F §4.5). */
export interface SignUpVerificationResource extends VerificationResource {
  supportedStrategies: string[];
  nextAction: "needs_prepare" | "needs_attempt" | "";
}

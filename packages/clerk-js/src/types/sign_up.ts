import type { SignUpErrors } from "./errors.ts";
import type { ClerkResource } from "./resource.ts";
import type { FinalizeParams, Outcome } from "./sign_in.ts";
import type { SignUpVerificationResource, VerificationResource } from "./verification.ts";

export type SignUpStatus = "missing_requirements" | "complete" | "abandoned";

/** The body of `POST` and `PATCH /client/sign_ups` (F §4.6). */
export interface SignUpCreateParams {
  emailAddress?: string;
  phoneNumber?: string;
  username?: string;
  password?: string;
  firstName?: string;
  lastName?: string;
  strategy?: string;
  ticket?: string;
  token?: string;
  redirectUrl?: string;
  actionCompleteRedirectUrl?: string;
  transfer?: boolean;
  unsafeMetadata?: Record<string, unknown>;
  legalAccepted?: boolean;
  locale?: string;
}

export type SignUpUpdateParams = SignUpCreateParams;

export type PrepareEmailAddressVerificationParams =
  | { strategy: "email_code" }
  | { strategy: "email_link"; redirectUrl: string };

export type PrepareVerificationParams =
  | PrepareEmailAddressVerificationParams
  | { strategy: "phone_code"; channel?: string };

export interface AttemptVerificationParams {
  strategy: "email_code" | "phone_code";
  code: string;
}

export interface SignUpVerificationsResource {
  emailAddress: SignUpVerificationResource;
  phoneNumber: SignUpVerificationResource;
  externalAccount: VerificationResource;
  web3Wallet: VerificationResource;
  sendEmailCode(): Promise<Outcome>;
  verifyEmailCode(params: { code: string }): Promise<Outcome>;
  sendPhoneCode(params?: { channel?: string }): Promise<Outcome>;
  verifyPhoneCode(params: { code: string }): Promise<Outcome>;
}

export type SignUpPasswordParams = SignUpCreateParams & { password: string };

/**
 * The sign-up that is under way on this client. It always exists: before the
 * first `create()` its `status` is null and its `id` undefined.
 */
export interface SignUpResource extends ClerkResource {
  status: SignUpStatus | null;
  requiredFields: string[];
  optionalFields: string[];
  missingFields: string[];
  unverifiedFields: string[];
  verifications: SignUpVerificationsResource;
  username: string | null;
  firstName: string | null;
  lastName: string | null;
  emailAddress: string | null;
  phoneNumber: string | null;
  web3Wallet: string | null;
  hasPassword: boolean;
  unsafeMetadata: Record<string, unknown>;
  createdSessionId: string | null;
  createdUserId: string | null;
  abandonAt: number | null;
  legalAcceptedAt: number | null;
  locale: string | null;
  /** Whether a call is under way. */
  readonly fetchStatus: "idle" | "fetching";
  /** What went wrong in the last call, by field. */
  readonly errors: SignUpErrors;
  /** Whether what it found out can be carried over to a sign-in (F §4.6). */
  readonly isTransferable: boolean;
  /** The session that makes this sign-up needless, when the server said so. */
  readonly existingSession: { sessionId: string } | undefined;

  /** @throws ClerkAPIResponseError */
  create(params: SignUpCreateParams): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  update(params: SignUpUpdateParams): Promise<SignUpResource>;
  /** Creates the sign-up, or updates the one that is under way. @throws ClerkAPIResponseError */
  upsert(params: SignUpCreateParams): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  prepareVerification(params: PrepareVerificationParams): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  attemptVerification(params: AttemptVerificationParams): Promise<SignUpResource>;
  /** By code unless told otherwise. @throws ClerkAPIResponseError */
  prepareEmailAddressVerification(params?: PrepareEmailAddressVerificationParams): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  attemptEmailAddressVerification(params: { code: string }): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  preparePhoneNumberVerification(params?: {
    strategy?: "phone_code";
    channel?: string;
  }): Promise<SignUpResource>;
  /** @throws ClerkAPIResponseError */
  attemptPhoneNumberVerification(params: { code: string }): Promise<SignUpResource>;

  /** Signs up with a password; further fields as for `create()`. */
  password(params: SignUpPasswordParams): Promise<Outcome>;
  ticket(params: SignUpCreateParams & { ticket: string }): Promise<Outcome>;
  /** Makes the session that this sign-up created the active one. */
  finalize(params?: FinalizeParams): Promise<Outcome>;
  /** Forgets this sign-up on this client, without a request. */
  reset(): Promise<Outcome>;
}

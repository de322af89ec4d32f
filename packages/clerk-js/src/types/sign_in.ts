import type { SetActiveNavigate } from "./clerk.ts";
import type { SignInErrors } from "./errors.ts";
import type { SignInFirstFactor, SignInSecondFactor } from "./factors.ts";
import type { ClerkResource } from "./resource.ts";
import type { VerificationResource } from "./verification.ts";

export type SignInStatus =
  | "needs_identifier"
  | "needs_first_factor"
  | "needs_second_factor"
  | "needs_client_trust"
  | "needs_new_password"
  | "complete"
  | "abandoned";

export interface UserData {
  firstName?: string;
  lastName?: string;
  imageUrl?: string;
  hasImage?: boolean;
}

/** The body of `POST /client/sign_ins` (F §4.3). An empty one starts afresh. */
export interface SignInCreateParams {
  identifier?: string;
  password?: string;
  strategy?: string;
  ticket?: string;
  token?: string;
  code?: string;
  redirectUrl?: string;
  actionCompleteRedirectUrl?: string;
  transfer?: boolean;
  signUpIfMissing?: boolean;
  locale?: string;
}

export type PrepareFirstFactorParams =
  | { strategy: "email_code" | "reset_password_email_code"; emailAddressId: string }
  | { strategy: "email_link"; emailAddressId: string; redirectUrl: string }
  | { strategy: "phone_code" | "reset_password_phone_code"; phoneNumberId: string; channel?: string }
  | { strategy: "passkey" }
  | { strategy: string; redirectUrl: string; actionCompleteRedirectUrl: string };

export type AttemptFirstFactorParams =
  | { strategy: "password"; password: string }
  | { strategy: "email_code" | "phone_code"; code: string }
  | { strategy: "reset_password_email_code" | "reset_password_phone_code"; code: string; password?: string }
  | { strategy: "passkey"; publicKeyCredential: string };

export type PrepareSecondFactorParams =
  | { strategy: "phone_code"; phoneNumberId?: string }
  | { strategy: "email_code"; emailAddressId?: string }
  | { strategy: "email_link"; emailAddressId: string; redirectUrl: string };

export interface AttemptSecondFactorParams {
  strategy: "phone_code" | "email_code" | "totp" | "backup_code";
  code: string;
}

export interface ResetPasswordParams {
  password: string;
  signOutOfOtherSessions?: boolean;
}

/** What the newer methods answer: they never throw for what the server refused. */
export interface Outcome {
  error: Error | null;
}

export type SignInPasswordParams = {
  password: string;
  identifier?: string;
  emailAddress?: string;
  phoneNumber?: string;
};

export interface FinalizeParams {
  navigate?: SetActiveNavigate;
}

/**
 * The sign-in that is under way on this client. It always exists: before the
 * first `create()` its `status` is null and its `id` undefined.
 */
export interface SignInResource extends ClerkResource {
  status: SignInStatus | null;
  supportedIdentifiers: string[];
  supportedFirstFactors: SignInFirstFactor[] | null;
  supportedSecondFactors: SignInSecondFactor[] | null;
  firstFactorVerification: VerificationResource;
  secondFactorVerification: VerificationResource;
  identifier: string | null;
  createdSessionId: string | null;
  userData: UserData;
  /** Whether a call is under way. */
  readonly fetchStatus: "idle" | "fetching";
  /** What went wrong in the last call, by field. */
  readonly errors: SignInErrors;
  /** Whether what it found out can be carried over to a sign-up (F §4.6). */
  readonly isTransferable: boolean;
  /** The session that makes this sign-in needless, when the server said so. */
  readonly existingSession: { sessionId: string } | undefined;

  /** @throws ClerkAPIResponseError */
  create(params: SignInCreateParams): Promise<SignInResource>;
  /** @throws ClerkAPIResponseError */
  prepareFirstFactor(params: PrepareFirstFactorParams): Promise<SignInResource>;
  /** @throws ClerkAPIResponseError */
  attemptFirstFactor(params: AttemptFirstFactorParams): Promise<SignInResource>;
  /** @throws ClerkAPIResponseError */
  prepareSecondFactor(params: PrepareSecondFactorParams): Promise<SignInResource>;
  /** @throws ClerkAPIResponseError */
  attemptSecondFactor(params: AttemptSecondFactorParams): Promise<SignInResource>;
  /** Sets the new password of a sign-in that `needs_new_password`. @throws ClerkAPIResponseError */
  resetPassword(params: ResetPasswordParams): Promise<SignInResource>;

  /** Identifier and password in one go, or the password of the identifier already given. */
  password(params: SignInPasswordParams): Promise<Outcome>;
  emailCode: {
    sendCode(params?: { emailAddress?: string; emailAddressId?: string }): Promise<Outcome>;
    verifyCode(params: { code: string }): Promise<Outcome>;
  };
  phoneCode: {
    sendCode(params?: { phoneNumber?: string; phoneNumberId?: string; channel?: string }): Promise<Outcome>;
    verifyCode(params: { code: string }): Promise<Outcome>;
  };
  resetPasswordEmailCode: {
    sendCode(): Promise<Outcome>;
    verifyCode(params: { code: string }): Promise<Outcome>;
    /** Signs the user out everywhere else unless told otherwise. */
    submitPassword(params: ResetPasswordParams): Promise<Outcome>;
  };
  mfa: {
    sendPhoneCode(): Promise<Outcome>;
    verifyPhoneCode(params: { code: string }): Promise<Outcome>;
    sendEmailCode(): Promise<Outcome>;
    verifyEmailCode(params: { code: string }): Promise<Outcome>;
    verifyTOTP(params: { code: string }): Promise<Outcome>;
    verifyBackupCode(params: { code: string }): Promise<Outcome>;
  };
  ticket(params: { ticket: string }): Promise<Outcome>;
  /** Makes the session that this sign-in created the active one. */
  finalize(params?: FinalizeParams): Promise<Outcome>;
  /** Forgets this sign-in on this client, without a request. */
  reset(): Promise<Outcome>;
}

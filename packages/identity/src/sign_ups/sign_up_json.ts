import type { Instance } from "../instances/index.ts";
import type { SignUpRow } from "../store/index.ts";
import { verificationJson } from "../verification/verification_json.ts";
import { requirementsOf } from "./requirements.ts";

/** A sign-up as its page sees it (F §4.6). */
export function signUpJson(
  instance: Instance,
  signUp: SignUpRow,
  now: number,
): Record<string, unknown> & { readonly id: string } {
  const requirements = requirementsOf(instance, signUp);
  return {
    object: "sign_up",
    id: signUp.id,
    status: signUp.status,
    required_fields: requirements.required,
    optional_fields: requirements.optional,
    missing_fields: requirements.missing,
    unverified_fields: requirements.unverified,
    verifications: {
      email_address: emailVerification(signUp, now),
      phone_number: null,
      web3_wallet: null,
      external_account: null,
    },
    username: signUp.username,
    first_name: signUp.firstName,
    last_name: signUp.lastName,
    email_address: signUp.emailAddress,
    phone_number: null,
    web3_wallet: null,
    has_password: signUp.passwordDigest !== null,
    password_enabled: signUp.passwordDigest !== null,
    unsafe_metadata: JSON.parse(signUp.unsafeMetadata),
    public_metadata: {},
    external_account: null,
    external_account_strategy: null,
    created_session_id: signUp.createdSessionId,
    created_user_id: signUp.createdUserId,
    abandon_at: signUp.abandonAt,
    legal_accepted_at: signUp.legalAcceptedAt,
    locale: signUp.locale,
  };
}

function emailVerification({ emailAddress, emailVerification: verification }: SignUpRow, now: number) {
  if (emailAddress === null) return null;
  const json =
    verification === null
      ? {
          object: "verification_otp",
          status: "unverified" as const,
          // With a strategy, the genuine UI takes it that a code has been sent, and asks for none.
          strategy: null,
          attempts: 0,
          expire_at: null,
        }
      : verificationJson(verification, now);
  return {
    ...json,
    next_action:
      json.status === "verified"
        ? ""
        : verification !== null && json.status === "unverified"
          ? "needs_attempt"
          : "needs_prepare",
    supported_strategies: ["email_code"],
  };
}

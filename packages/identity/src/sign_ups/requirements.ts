import type { Instance } from "../instances/index.ts";
import type { SignUpRow } from "../store/index.ts";

/** A field of a sign-up, in the words of F §4.6. */
export type SignUpField =
  | "email_address"
  | "username"
  | "first_name"
  | "last_name"
  | "password"
  | "legal_accepted";

export interface Requirements {
  readonly required: readonly SignUpField[];
  readonly optional: readonly SignUpField[];
  readonly missing: readonly SignUpField[];
  readonly unverified: readonly SignUpField[];
}

/** What the instance's settings ask of a sign-up, and what of it is still missing. */
export function requirementsOf({ settings }: Instance, signUp: SignUpRow): Requirements {
  const attributes: readonly (readonly [SignUpField, { enabled: boolean; required: boolean }])[] = [
    ["email_address", settings.emailAddress],
    ["username", settings.username],
    ["first_name", settings.firstName],
    ["last_name", settings.lastName],
    ["password", settings.password],
    ["legal_accepted", { enabled: settings.legalConsent, required: settings.legalConsent }],
  ];
  const given: { readonly [field in SignUpField]: boolean } = {
    email_address: signUp.emailAddress !== null,
    username: signUp.username !== null,
    first_name: signUp.firstName !== null,
    last_name: signUp.lastName !== null,
    password: signUp.passwordDigest !== null,
    legal_accepted: signUp.legalAcceptedAt !== null,
  };
  const enabled = attributes.filter(([, rule]) => rule.enabled);
  const required = enabled.filter(([, rule]) => rule.required).map(([field]) => field);
  // Somebody who can neither be written to nor named could never sign in again.
  const reachable = required.some((field) => field === "email_address" || field === "username");
  if (!reachable && !given.email_address && !given.username) {
    required.unshift(settings.emailAddress.enabled ? "email_address" : "username");
  }
  // Nor somebody who has a username alone: there is no code for it.
  if (given.username && !given.email_address && !required.includes("email_address")) {
    const way = settings.password.enabled ? "password" : "email_address";
    if (settings.emailAddress.enabled || way === "password") required.push(way);
  }
  return {
    required: [...new Set(required)],
    optional: enabled.map(([field]) => field).filter((field) => !required.includes(field)),
    missing: required.filter((field) => !given[field]),
    unverified:
      given.email_address && signUp.emailVerification?.status !== "verified" ? ["email_address"] : [],
  };
}

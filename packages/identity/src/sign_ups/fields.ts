import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Params } from "../http/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { SignUpRow } from "../store/index.ts";
import { metadataText, normalEmailAddress, normalName, normalUsername } from "../users/index.ts";

const LONGEST_LOCALE = 35;

/** What a request gives for a sign-up: only the fields that were there. */
export type GivenFields = Partial<
  Pick<
    SignUpRow,
    | "emailAddress"
    | "username"
    | "firstName"
    | "lastName"
    | "passwordDigest"
    | "unsafeMetadata"
    | "legalAcceptedAt"
    | "locale"
  >
>;

/**
 * Reads and judges the fields of a sign-up (F §4.6); the password is hashed. Throws what forms show beside the field,
 * `form_param_unknown` for an attribute that the instance does not have.
 */
export async function readFields(
  { passwords }: Parts,
  { instance, body, now }: Call,
  known: SignUpRow | null,
): Promise<GivenFields> {
  const { settings } = instance;
  const given: { -readonly [field in keyof GivenFields]: GivenFields[field] } = {};
  for (const field of ["phone_number", "web3_wallet"]) refuseGiven(body, field);
  const email = body.nullable("email_address");
  if (email !== undefined) {
    if (!settings.emailAddress.enabled) refuseGiven(body, "email_address");
    else given.emailAddress = email === null ? null : normalEmailAddress(email);
  }
  const username = body.nullable("username");
  if (username !== undefined) {
    if (!settings.username.enabled) refuseGiven(body, "username");
    else given.username = username === null ? null : normalUsername(instance, username).username;
  }
  if (body.has("first_name")) given.firstName = name(body, "first_name", settings.firstName.enabled);
  if (body.has("last_name")) given.lastName = name(body, "last_name", settings.lastName.enabled);
  const metadata = body.object("unsafe_metadata");
  if (metadata !== undefined) {
    given.unsafeMetadata = metadataText(metadata, "unsafe_metadata");
  }
  const legal = body.flag("legal_accepted");
  if (legal !== undefined) {
    if (!legal && settings.legalConsent) throw refuseField("legal_not_accepted", "legal_accepted");
    given.legalAcceptedAt = legal ? now : null;
  }
  const locale = body.nullable("locale");
  if (locale !== undefined) {
    if (locale !== null && locale.length > LONGEST_LOCALE) {
      throw refuseField(
        "form_param_max_length_exceeded",
        "locale",
        `A language tag such as de-CH has at most ${LONGEST_LOCALE} characters.`,
      );
    }
    given.locale = locale;
  }
  const password = body.nullable("password");
  if (typeof password === "string") {
    if (!settings.password.enabled) throw refuseField("form_param_unknown", "password");
    const identifiers = [given.emailAddress ?? known?.emailAddress, given.username ?? known?.username];
    passwords.check(
      password,
      instance,
      "password",
      identifiers.filter((identifier) => typeof identifier === "string"),
    );
    given.passwordDigest = (await passwords.hash(password)).digest;
  }
  return given;
}

function name(body: Params, field: "first_name" | "last_name", enabled: boolean): string | null {
  const text = normalName(body.nullable(field) ?? null, field);
  if (text !== null && !enabled) throw refuseField("form_param_unknown", field);
  return text;
}

function refuseGiven(body: Params, field: string): void {
  if ((body.nullable(field) ?? null) !== null) throw refuseField("form_param_unknown", field);
}

/** Throws `sign_up_mode_restricted` where nobody may sign up. */
export function refuseClosed({ settings }: Instance): void {
  if (settings.signUpMode === "restricted") throw refuse("sign_up_mode_restricted");
}

/** Throws what stands in the way of a sign-up by its strategy or mode. */
export function refuseImpossible(instance: Instance, strategy: string | null): void {
  refuseClosed(instance);
  if (strategy !== null && strategy !== "password" && strategy !== "email_code") {
    throw refuseField(
      "form_param_value_invalid",
      "strategy",
      `Nobody can sign up by "${strategy}" here. Possible are password and email_code.`,
    );
  }
}

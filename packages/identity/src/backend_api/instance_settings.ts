import { z } from "zod";
import { type Fault, fault, IdentityError } from "../errors/index.ts";
import type { InstanceSettings } from "../instances/index.ts";
import { checkSessionClaims } from "../jwt_templates/template_fields.ts";

const switchable = z.strictObject({ enabled: z.boolean(), required: z.boolean() }).partial();
const length = z.int().min(1).max(256);
const text = z.string().max(256);
const address = z.union([z.literal(null), z.url({ protocol: /^https?$/ }).max(2048)]);

/** Of browser extensions and native apps, whose schemes `URL` knows no origins for: `capacitor://localhost`. */
const OTHER_ORIGIN = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9][a-z0-9._-]*(?::\d+)?$/;

/** An origin, as browsers write it: without a path, and no patterns. */
const origin = z
  .string()
  .max(256)
  .refine((value) => isOrigin(value) && !value.includes("*"), {
    error: "is an origin like https://app.example.com, without a path",
  });

function isOrigin(value: string): boolean {
  return OTHER_ORIGIN.test(value) || (URL.canParse(value) && new URL(value).origin === value);
}

/** Every setting of an instance under its name on the wire. Nested ones may be given in part. */
const SETTINGS = z
  .strictObject({
    application_name: text.min(1).regex(/^\P{Cc}+$/u, { error: "has no control characters" }),
    allowed_origins: z.array(origin).max(200),
    single_session_mode: z.boolean(),
    email_address: switchable.extend({ code_sign_in: z.boolean().optional() }),
    username: switchable.extend({ min_length: length.optional(), max_length: length.optional() }),
    first_name: switchable,
    last_name: switchable,
    password: switchable,
    password_policy: z
      .strictObject({
        min_length: z.int().min(6).max(128),
        max_length: z.int().min(32).max(256),
        require_uppercase: z.boolean(),
        require_lowercase: z.boolean(),
        require_numbers: z.boolean(),
        require_special_characters: z.boolean(),
        refuse_breached: z.boolean(),
      })
      .partial(),
    preferred_sign_in_strategy: z.enum(["password", "otp"]),
    sign_up_mode: z.enum(["public", "restricted"]),
    legal_consent: z.boolean(),
    delete_self: z.boolean(),
    test_mode: z.boolean(),
    enumeration_protection: z.boolean(),
    lockout: z.boolean(),
    support_email: z.union([z.literal(null), z.literal("").transform(() => null), z.email()]),
    terms_url: address,
    privacy_policy_url: address,
    session_claims: z.record(z.string(), z.unknown()),
  })
  .partial();

type Given = { readonly [name: string]: unknown };

/**
 * Clerk's own names for what we have under others, and those that mean nothing here but are sent (B §1.9). Null is what
 * its clients send for what is to stay.
 */
function translated(body: Given): Given {
  const { hibp, test_mode, preferred_sign_in_strategy_when_password_required: strategy, ...rest } = body;
  const ours: Record<string, unknown> = { ...rest };
  for (const name of IGNORED) delete ours[name];
  if (hibp != null) {
    ours.password_policy = { ...(ours.password_policy as Given | undefined), refuse_breached: hibp };
  }
  if (test_mode != null) ours.test_mode = test_mode;
  if (strategy != null) ours.preferred_sign_in_strategy = strategy === "" ? "password" : strategy;
  return ours;
}

const IGNORED = [
  "enhanced_email_deliverability",
  "clerk_js_version",
  "development_origin",
  "url_based_session_syncing",
];

/**
 * The settings that a request changes, laid over `settings`. Throws `form_param_…` for each that is unknown or
 * impossible; `meta.param_name` has the path of nested ones with dots.
 */
export function changedSettings(settings: InstanceSettings, body: Given): InstanceSettings {
  const result = SETTINGS.safeParse(translated(body));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => {
      const path = issue.path.join(".");
      return issue.code === "unrecognized_keys"
        ? fault(
            "form_param_unknown",
            { param_name: issue.keys[0]! },
            `There is no setting ${issue.keys.join(", ")}.`,
          )
        : fault("form_param_value_invalid", { param_name: path }, `"${path}": ${issue.message}.`);
    });
    throw new IdentityError(faults as [Fault, ...Fault[]]);
  }
  if (result.data.session_claims !== undefined) checkSessionClaims(result.data.session_claims);
  const changed = mergeSettings(settings, camel(result.data as Given)) as InstanceSettings;
  checkTogether(changed);
  return changed;
}

/** What no setting can say alone. */
function checkTogether({ emailAddress, username, password, passwordPolicy }: InstanceSettings): void {
  const refuse = (name: string, why: string) =>
    new IdentityError([fault("form_param_value_invalid", { param_name: name }, why)]);
  if (!emailAddress.enabled && !username.enabled) {
    throw refuse("email_address", "Nobody could sign in: leave e-mail addresses or usernames enabled.");
  }
  if (!password.enabled && !(emailAddress.enabled && emailAddress.codeSignIn)) {
    throw refuse("password", "Nobody could sign in: leave passwords or codes by e-mail enabled.");
  }
  if (username.minLength > username.maxLength) {
    throw refuse("username.min_length", "The least length of usernames is above the greatest.");
  }
  if (passwordPolicy.minLength > passwordPolicy.maxLength) {
    throw refuse("password_policy.min_length", "The least length of passwords is above the greatest.");
  }
}

/** The settings under their names on the wire. */
export function settingsJson(settings: InstanceSettings): Record<string, unknown> {
  const { sessionClaims, ...rest } = settings;
  return { ...(snake(rest) as Given), session_claims: sessionClaims };
}

function mergeSettings(settings: object, changes: Given): object {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(changes)) {
    const before = merged[name];
    // Claims are one value: what is not sent is gone.
    merged[name] =
      name !== "sessionClaims" && isObject(value) && isObject(before) ? mergeSettings(before, value) : value;
  }
  return merged;
}

function camel(value: Given): Given {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      name !== "session_claims" && isObject(inner) ? camel(inner) : inner,
    ]),
  );
}

function snake(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snake(inner),
    ]),
  );
}

function isObject(value: unknown): value is Given {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

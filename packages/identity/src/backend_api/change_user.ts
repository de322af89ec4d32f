import { after } from "../clients/browser.ts";
import { refuseField } from "../errors/index.ts";
import type { Call, Params } from "../http/index.ts";
import { checkFields, timeField } from "../http/known_fields.ts";
import type { Parts } from "../parts.ts";
import { digestFault, type StoredPassword } from "../passwords/index.ts";
import { endSessions, openSessionsOf } from "../sessions/index.ts";
import type { UserRow } from "../store/index.ts";
import {
  createUser,
  identifiersOf,
  metadataText,
  type NewEmailAddress,
  normalEmailAddress,
  normalName,
  normalUsername,
  passwordFields,
  refuseTakenExternalId,
  refuseTakenUsername,
  UNVERIFIED,
  VERIFIED_BY_ADMIN,
} from "../users/index.ts";
import { auditBackend, BY_BACKEND } from "./audit.ts";
import { newPrimary, tellOfPrimary } from "./primary_address.ts";
import { refuseDisabled, refuseIncomplete } from "./user_attributes.ts";
import { userOf } from "./user_of.ts";

const COMMON_FIELDS =
  "external_id username password password_digest password_hasher first_name last_name locale public_metadata private_metadata unsafe_metadata skip_password_checks skip_legal_checks legal_accepted_at created_at";
const CREATE_FIELDS = new Set(
  `${COMMON_FIELDS} email_address email_address_identification_status skip_password_requirement banned locked`.split(
    " ",
  ),
);
const UPDATE_FIELDS = new Set(
  `${COMMON_FIELDS} sign_out_of_other_sessions primary_email_address_id notify_primary_email_address_changed delete_self_enabled create_organization_enabled create_organizations_limit`.split(
    " ",
  ),
);

/** Since this version of the API, PATCH takes no metadata (B §1.5). */
const METADATA_APART_SINCE = "2026-05-12";
const METADATA_FIELDS = ["public_metadata", "private_metadata", "unsafe_metadata"] as const;
const LONGEST_TEXT = 256;
/** Whatever checks are skipped: more is no password. */
const MOST_PASSWORD_BYTES = 4096;

/** POST /users: an account whose addresses the app vouches for (B §1.5). */
export async function createUserByBackend(parts: Parts, call: Call): Promise<UserRow> {
  const { body, instance } = call;
  checkFields(body, CREATE_FIELDS);
  const { settings } = instance;
  const emailAddresses = body.list("email_address").map((text) => normalEmailAddress(text));
  if (emailAddresses.length > 0 && !settings.emailAddress.enabled) {
    throw refuseField("form_param_unknown", "email_address", "This instance has no e-mail addresses.");
  }
  refuseDisabled(call);
  const username = usernameOf(call) ?? null;
  if (emailAddresses.length === 0 && username === null) {
    throw refuseField("form_param_missing", settings.emailAddress.enabled ? "email_address" : "username");
  }
  const firstName = normalName(body.nullable("first_name") ?? null, "first_name");
  const lastName = normalName(body.nullable("last_name") ?? null, "last_name");
  const legalAcceptedAt = timeField(body, "legal_accepted_at") ?? null;
  refuseIncomplete(call, {
    email_address: emailAddresses[0] ?? null,
    username,
    first_name: firstName,
    last_name: lastName,
    legal_accepted_at: legalAcceptedAt,
  });
  const known = [...emailAddresses, ...(username === null ? [] : [username])];
  const password = await readPassword(parts, call, known);
  if (password === null && settings.password.required && body.flag("skip_password_requirement") !== true) {
    throw refuseField(
      "form_param_missing",
      "password",
      "A password is required: give one, or skip_password_requirement for users who sign in otherwise.",
    );
  }
  const fields = {
    emailAddresses: withStatuses(call, emailAddresses),
    username,
    firstName,
    lastName,
    password,
    externalId: shortText(body, "external_id") ?? null,
    publicMetadata: metadataOf(body, "public_metadata") ?? "{}",
    privateMetadata: metadataOf(body, "private_metadata") ?? "{}",
    unsafeMetadata: metadataOf(body, "unsafe_metadata") ?? "{}",
    banned: body.flag("banned") ?? false,
    lockedUntil: body.flag("locked") === true ? call.now + parts.limits.lockoutDuration : null,
    locale: shortText(body, "locale") ?? null,
    legalAcceptedAt,
    createdAt: timeField(body, "created_at") ?? call.now,
  };
  return parts.store.transact("create user", async (tx) => {
    const user = await createUser(parts, tx, instance, fields);
    await auditBackend(parts, tx, call, "user.created", user.id);
    return user;
  });
}

/** How each address comes to the account: verified, unless `email_address_identification_status` says reserved. */
function withStatuses({ body }: Call, emailAddresses: readonly string[]): NewEmailAddress[] {
  const field = "email_address_identification_status";
  const statuses = body.has(field) ? body.list(field) : emailAddresses.map(() => "verified");
  if (statuses.length !== emailAddresses.length) {
    throw refuseField(
      "form_param_value_invalid",
      field,
      `"${field}" has one value for each "email_address".`,
    );
  }
  return emailAddresses.map((emailAddress, at) => {
    switch (statuses[at]) {
      case "verified":
        return { emailAddress, verification: VERIFIED_BY_ADMIN };
      case "reserved":
        return { emailAddress, verification: UNVERIFIED, reserved: true };
      default:
        throw refuseField("form_param_value_invalid", field, `"${field}" takes verified and reserved.`);
    }
  });
}

/** PATCH /users/{id} (B §1.5). */
export async function changeUser(parts: Parts, call: Call): Promise<UserRow> {
  const { body, instance, now } = call;
  checkFields(body, UPDATE_FIELDS);
  checkMetadataVersion(call);
  refuseDisabled(call);
  const before = await userOf(parts.store.read(), call);
  const username = usernameOf(call);
  const identifiers = await identifiersOf(parts.store.read(), before);
  const password = await readPassword(parts, call, username ? [...identifiers, username] : identifiers);
  const text = (name: "first_name" | "last_name") => {
    const value = body.nullable(name);
    return value === undefined ? undefined : normalName(value, name);
  };
  const given = {
    firstName: text("first_name"),
    lastName: text("last_name"),
    externalId: shortText(body, "external_id"),
    locale: shortText(body, "locale"),
    legalAcceptedAt: timeField(body, "legal_accepted_at"),
    createdAt: timeField(body, "created_at") ?? undefined,
    publicMetadata: metadataOf(body, "public_metadata"),
    privateMetadata: metadataOf(body, "private_metadata"),
    unsafeMetadata: metadataOf(body, "unsafe_metadata"),
    deleteSelfEnabled: body.flag("delete_self_enabled"),
    createOrganizationEnabled: body.flag("create_organization_enabled"),
    createOrganizationsLimit: body.integer("create_organizations_limit", 0, Number.MAX_SAFE_INTEGER),
    ...(username === undefined ? {} : { username, usernameKey: username?.toLowerCase() ?? null }),
    ...(password === null ? {} : passwordFields(password, now)),
  };
  const changes = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<UserRow>;
  return parts.store.transact("change user", async (tx) => {
    const user = await userOf(tx, call);
    await refuseTakenUsername(tx, instance, changes.username ?? null, user.id);
    await refuseTakenExternalId(tx, instance, changes.externalId ?? null, user.id);
    const primary = await newPrimary(tx, call, user);
    if (primary !== null && body.flag("notify_primary_email_address_changed") === true) {
      await tellOfPrimary(parts, tx, call, user, primary);
    }
    if (password !== null && body.flag("sign_out_of_other_sessions") === true) {
      const sessions = await openSessionsOf(tx, user.id);
      await endSessions(parts, tx, sessions, {
        status: "revoked",
        actor: BY_BACKEND,
        ipAddress: call.ipAddress,
      });
    }
    // The fields' names, never what is in them.
    await auditBackend(parts, tx, call, "user.updated", user.id, { fields: body.names });
    return tx.patch("users", user, {
      ...changes,
      ...(primary === null ? {} : { primaryEmailAddressId: primary.id }),
      updatedAt: after(user.updatedAt, now),
    });
  });
}

/** The password that a request brings: in the clear, to be judged and hashed, or as a digest of another system. */
async function readPassword(
  { passwords }: Parts,
  { body, instance }: Call,
  identifiers: readonly string[],
): Promise<StoredPassword | null> {
  const password = body.nullable("password") ?? null;
  const digest = body.nullable("password_digest") ?? null;
  if (digest !== null) {
    const hasher = body.required("password_hasher");
    const fault = digestFault(digest, hasher);
    if (fault !== null) throw refuseField("form_password_digest_invalid_code", "password_digest", fault);
    return { digest, hasher };
  }
  if (password === null) return null;
  if (Buffer.byteLength(password) > MOST_PASSWORD_BYTES) {
    throw refuseField("form_password_size_in_bytes_exceeded", "password");
  }
  if (body.flag("skip_password_checks") !== true)
    passwords.check(password, instance, "password", identifiers);
  return passwords.hash(password);
}

function usernameOf({ body, instance }: Call): string | null | undefined {
  const text = body.nullable("username");
  if (text === undefined || text === null) return text;
  return normalUsername(instance, text).username;
}

function checkMetadataVersion({ body, request, url }: Call): void {
  const version = request.headers.get("clerk-api-version") ?? url.searchParams.get("__clerk_api_version");
  if (version === null || version < METADATA_APART_SINCE) return;
  for (const field of METADATA_FIELDS) {
    if (body.has(field)) {
      throw refuseField(
        "form_param_unknown",
        field,
        `"${field}" is not changed here: send it to PATCH or PUT /users/{id}/metadata.`,
      );
    }
  }
}

function metadataOf(body: Params, name: (typeof METADATA_FIELDS)[number]): string | undefined {
  const metadata = body.object(name);
  return metadata === undefined ? undefined : metadataText(metadata, name);
}

function shortText(body: Params, name: string): string | null | undefined {
  const text = body.nullable(name);
  if (typeof text === "string" && text.length > LONGEST_TEXT) {
    throw refuseField(
      "form_param_max_length_exceeded",
      name,
      `"${name}" has at most ${LONGEST_TEXT} characters.`,
    );
  }
  return text;
}

import { refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { StoredPassword } from "../passwords/index.ts";
import { publicId } from "../public_id.ts";
import type { UserRow, Writer } from "../store/index.ts";
import { addEmailAddress, type NewEmailAddress } from "./email_addresses.ts";
import { isOwned, ownerOfUsername } from "./find_user.ts";

export interface NewUser {
  /** The first that is verified or reserved becomes the primary one. */
  readonly emailAddresses: readonly NewEmailAddress[];
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly password: StoredPassword | null;
  readonly externalId?: string | null;
  /** JSON texts; `{}` by default. */
  readonly publicMetadata?: string;
  readonly privateMetadata?: string;
  readonly unsafeMetadata?: string;
  readonly banned?: boolean;
  /** The operator locks the account until then. */
  readonly lockedUntil?: number | null;
  readonly locale?: string | null;
  readonly legalAcceptedAt?: number | null;
  readonly createdAt?: number;
}

/**
 * Makes an account with its addresses. Throws `form_identifier_exists` when one of its verified addresses, its username
 * or its external id is somebody's.
 */
export async function createUser(
  { seams }: Pick<Parts, "seams">,
  tx: Writer,
  instance: Instance,
  fields: NewUser,
): Promise<UserRow> {
  const now = seams.clock.now();
  const createdAt = fields.createdAt ?? now;
  await refuseTakenUsername(tx, instance, fields.username, null);
  await refuseTakenExternalId(tx, instance, fields.externalId ?? null, null);
  const user = await tx.insert("users", {
    id: publicId("user", seams.random),
    instanceId: instance.id,
    externalId: fields.externalId ?? null,
    username: fields.username,
    usernameKey: fields.username?.toLowerCase() ?? null,
    firstName: fields.firstName,
    lastName: fields.lastName,
    primaryEmailAddressId: null,
    passwordDigest: fields.password?.digest ?? null,
    passwordHasher: fields.password?.hasher ?? null,
    passwordUpdatedAt: fields.password === null ? null : now,
    passwordCompromised: false,
    publicMetadata: fields.publicMetadata ?? "{}",
    privateMetadata: fields.privateMetadata ?? "{}",
    unsafeMetadata: fields.unsafeMetadata ?? "{}",
    banned: fields.banned ?? false,
    lock: fields.lockedUntil == null ? null : { kind: "operator", until: fields.lockedUntil },
    failedAttempts: 0,
    deleteSelfEnabled: true,
    createOrganizationEnabled: true,
    createOrganizationsLimit: null,
    locale: fields.locale ?? null,
    legalAcceptedAt: fields.legalAcceptedAt ?? null,
    lastSignInAt: null,
    lastActiveAt: null,
    createdAt,
    updatedAt: now,
  });
  const rows = [];
  for (const emailAddress of fields.emailAddresses) {
    rows.push(await addEmailAddress({ seams }, tx, instance, user, emailAddress));
  }
  const primary = rows.find(isOwned);
  return primary === undefined ? user : tx.patch("users", user, { primaryEmailAddressId: primary.id });
}

/** Throws `form_identifier_exists` when the username is somebody's other than `userId`'s. */
export async function refuseTakenUsername(
  tx: Writer,
  { id }: Instance,
  username: string | null,
  userId: string | null,
): Promise<void> {
  if (username === null) return;
  const owner = await ownerOfUsername(tx, id, username.toLowerCase());
  if (owner !== null && owner.id !== userId) {
    throw refuseField("form_identifier_exists", "username", `The username "${username}" is taken.`);
  }
}

/** Likewise for the id that the app's own system knows the user by. */
export async function refuseTakenExternalId(
  tx: Writer,
  { id }: Instance,
  externalId: string | null,
  userId: string | null,
): Promise<void> {
  if (externalId === null) return;
  const owner = await tx.first("users", "by_external_id", [id, externalId]);
  if (owner !== null && owner.id !== userId) {
    throw refuseField(
      "form_identifier_exists",
      "external_id",
      `There is a user with the external id "${externalId}".`,
    );
  }
}

import { after } from "../clients/browser.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import type { EmailAddressRow, Reader, UserRow, Verification, Writer } from "../store/index.ts";
import { isOwned, isTakenEmail } from "./find_user.ts";

/** An address that the operator vouches for. */
export const VERIFIED_BY_ADMIN: Verification = {
  status: "verified",
  strategy: "admin",
  attempts: 0,
  expireAt: null,
  codeDigest: null,
  sentAt: null,
};

/** An address that nobody has vouched for yet. */
export const UNVERIFIED: Verification = {
  ...VERIFIED_BY_ADMIN,
  status: "unverified",
  strategy: "email_code",
};

/** An address as it comes to an account. Normalised. */
export interface NewEmailAddress {
  readonly emailAddress: string;
  readonly verification: Verification;
  /** Nobody else can have it from now on, although it is not verified. */
  readonly reserved?: boolean;
}

/**
 * Adds an address to an account. Throws `form_identifier_exists` when the account has it already, or when it is to be
 * verified or reserved and is somebody else's.
 */
export async function addEmailAddress(
  { seams: { clock, random } }: Pick<Parts, "seams">,
  tx: Writer,
  instance: Instance,
  user: UserRow,
  { emailAddress, verification, reserved = false }: NewEmailAddress,
): Promise<EmailAddressRow> {
  const own = await tx.list("email_addresses", "by_user", [user.id]);
  if (own.some((row) => row.emailAddress === emailAddress)) throw taken(emailAddress);
  if (reserved || verification.status === "verified") await refuseTakenAddress(tx, instance, emailAddress);
  const now = clock.now();
  return tx.insert("email_addresses", {
    id: publicId("idn", random),
    instanceId: instance.id,
    userId: user.id,
    emailAddress,
    verification,
    reserved,
    createdAt: now,
    updatedAt: now,
  });
}

/** Throws `form_identifier_exists` when the address is somebody's, in another row than `except`. */
export async function refuseTakenAddress(
  reader: Reader,
  { id }: Instance,
  emailAddress: string,
  except: EmailAddressRow | null = null,
): Promise<void> {
  if (await isTakenEmail(reader, id, emailAddress, except)) throw taken(emailAddress);
}

/**
 * Takes an address from an account; if it was the primary one, the oldest other one that is its own takes its place.
 * Throws `identification_deletion_failed` when nothing would be left to sign in with. Answers the user as it is now.
 */
export async function removeEmailAddress(
  { seams }: Pick<Parts, "seams">,
  tx: Writer,
  { settings: { username, password } }: Instance,
  user: UserRow,
  row: EmailAddressRow,
): Promise<UserRow> {
  const others = (await tx.list("email_addresses", "by_user", [user.id])).filter(({ id }) => id !== row.id);
  const next = others.find(isOwned);
  // A username is one half of a way to sign in: there is no code for it.
  const byUsername =
    username.enabled && password.enabled && user.username !== null && user.passwordDigest !== null;
  if (next === undefined && !byUsername && isOwned(row)) {
    throw refuse("identification_deletion_failed");
  }
  await tx.remove("email_addresses", row);
  return tx.patch("users", user, {
    primaryEmailAddressId:
      user.primaryEmailAddressId === row.id ? (next?.id ?? null) : user.primaryEmailAddressId,
    updatedAt: after(user.updatedAt, seams.clock.now()),
  });
}

function taken(emailAddress: string) {
  return refuseField(
    "form_identifier_exists",
    "email_address",
    `The address ${emailAddress} has an account already.`,
  );
}

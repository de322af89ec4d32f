import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import { refuseField } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import { startSession } from "../sessions/index.ts";
import type { Stepped } from "../sign_ins/complete_sign_in.ts";
import type { ClientRow, Reader, SignUpRow, UserRow, Writer } from "../store/index.ts";
import { ownerOfEmail, ownerOfUsername } from "../users/index.ts";
import { requirementsOf } from "./requirements.ts";

/** Makes the account and signs in, once nothing is missing. Throws `form_identifier_exists` for what is taken. */
export async function completeIfReady(
  parts: Parts,
  tx: Writer,
  call: Call,
  { client, signUp }: { client: ClientRow; signUp: SignUpRow },
): Promise<Stepped> {
  const { missing, unverified } = requirementsOf(call.instance, signUp);
  if (missing.length > 0 || unverified.length > 0) {
    const touched = await tx.patch("clients", client, { updatedAt: after(client.updatedAt, call.now) });
    return { client: touched, headers: [] };
  }
  await refuseTakenEmail(tx, call, signUp.emailAddress);
  await refuseTakenUsername(tx, call, signUp.username);
  const user = await createUser(parts, tx, call, signUp);
  const strategy = signUp.passwordDigest === null ? "email_code" : "password";
  const started = await startSession(parts, tx, call, { client, user, strategy });
  await tx.patch("sign_ups", signUp, {
    status: "complete",
    createdUserId: user.id,
    createdSessionId: started.session.id,
    updatedAt: call.now,
  });
  return started;
}

/** To who has shown that the address is theirs, and to everybody where accounts are no secret. */
export async function refuseTakenEmail(
  reader: Reader,
  { instance }: Call,
  emailAddress: string | null,
): Promise<void> {
  if (emailAddress !== null && (await ownerOfEmail(reader, instance.id, emailAddress)) !== null) {
    throw refuseField(
      "form_identifier_exists",
      "email_address",
      "This e-mail address has an account already. Sign in with it.",
    );
  }
}

/** A username is seen by others anyway: whether it is taken may be told at once. */
export async function refuseTakenUsername(
  reader: Reader,
  { instance }: Call,
  username: string | null,
): Promise<void> {
  if (username === null) return;
  if ((await ownerOfUsername(reader, instance.id, username.toLowerCase())) !== null) {
    throw refuseField("form_identifier_exists", "username", "This username is taken. Choose another one.");
  }
}

async function createUser(
  { seams }: Parts,
  tx: Writer,
  { instance, now, ipAddress }: Call,
  signUp: SignUpRow,
): Promise<UserRow> {
  const id = publicId("user", seams.random);
  const emailId = publicId("idn", seams.random);
  const { emailAddress, emailVerification } = signUp;
  const user = await tx.insert("users", {
    id,
    instanceId: instance.id,
    externalId: null,
    username: signUp.username,
    usernameKey: signUp.username?.toLowerCase() ?? null,
    firstName: signUp.firstName,
    lastName: signUp.lastName,
    primaryEmailAddressId: emailAddress === null ? null : emailId,
    passwordDigest: signUp.passwordDigest,
    passwordHasher: signUp.passwordDigest === null ? null : "argon2id",
    passwordUpdatedAt: signUp.passwordDigest === null ? null : now,
    publicMetadata: "{}",
    privateMetadata: "{}",
    unsafeMetadata: signUp.unsafeMetadata,
    banned: false,
    lock: null,
    failedAttempts: 0,
    deleteSelfEnabled: true,
    createOrganizationEnabled: true,
    createOrganizationsLimit: null,
    locale: signUp.locale,
    legalAcceptedAt: signUp.legalAcceptedAt,
    lastSignInAt: null,
    lastActiveAt: null,
    createdAt: now,
    updatedAt: now,
  });
  if (emailAddress !== null && emailVerification !== null) {
    await tx.insert("email_addresses", {
      id: emailId,
      instanceId: instance.id,
      userId: id,
      emailAddress,
      verification: emailVerification,
      createdAt: now,
      updatedAt: now,
    });
  }
  await record(
    tx,
    { instanceId: instance.id, action: "user.created", actor: `user:${id}`, subject: id, ipAddress },
    seams,
  );
  return user;
}

import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import { refuseField } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { startSession } from "../sessions/index.ts";
import type { Stepped } from "../sign_ins/complete_sign_in.ts";
import type { ClientRow, Reader, SignUpRow, Writer } from "../store/index.ts";
import { createUser, type NewUser, ownerOfEmail } from "../users/index.ts";
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
  const user = await createUser(parts, tx, call.instance, accountOf(signUp));
  await record(
    tx,
    {
      instanceId: call.instance.id,
      action: "user.created",
      actor: `user:${user.id}`,
      subject: user.id,
      ipAddress: call.ipAddress,
    },
    parts.seams,
  );
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

function accountOf(signUp: SignUpRow): NewUser {
  const { emailAddress, emailVerification: verification, passwordDigest: digest } = signUp;
  return {
    emailAddresses: emailAddress === null || verification === null ? [] : [{ emailAddress, verification }],
    username: signUp.username,
    firstName: signUp.firstName,
    lastName: signUp.lastName,
    password: digest === null ? null : { digest, hasher: "argon2id" },
    unsafeMetadata: signUp.unsafeMetadata,
    locale: signUp.locale,
    legalAcceptedAt: signUp.legalAcceptedAt,
  };
}

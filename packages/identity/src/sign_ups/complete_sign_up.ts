import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { startSession } from "../sessions/index.ts";
import type { Stepped } from "../sign_ins/complete_sign_in.ts";
import type { ClientRow, SignUpRow, Writer } from "../store/index.ts";
import { createUser, type NewUser } from "../users/index.ts";
import { refuseClosed } from "./fields.ts";
import { requirementsOf } from "./requirements.ts";

/**
 * Makes the account and signs in, once nothing is missing. Throws `form_identifier_exists` for what is taken, and
 * `sign_up_mode_restricted` when the instance has closed since the sign-up began.
 */
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
  refuseClosed(call.instance);
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

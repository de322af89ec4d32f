import { answerWithClient } from "../answers.ts";
import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { endSessions, openSessionsOf } from "../sessions/index.ts";
import type { Reader } from "../store/index.ts";
import { hashNewPassword, operatorLock, passwordFields } from "../users/index.ts";
import { notify } from "../verification/index.ts";
import { completeSignIn } from "./complete_sign_in.ts";
import { ownSignIn } from "./own_sign_in.ts";

/** `POST …/reset_password` (F §9.5): the new password of somebody whose code was right. It also opens a locked account. */
export async function resetPassword(parts: Parts, call: Call): Promise<Answer> {
  const password = call.body.required("password");
  const signOutOthers = call.body.flag("sign_out_of_other_sessions") === true;
  const reader = parts.store.read();
  const { user: before } = await provedSignIn(reader, call);
  const stored = await hashNewPassword(parts, call.instance, before, password, "password");
  const { now, instance, ipAddress } = call;
  const stepped = await parts.store.transact("reset password", async (tx) => {
    const { client, signIn, user } = await provedSignIn(tx, call);
    const actor = `user:${user.id}`;
    const changed = await tx.patch("users", user, {
      ...passwordFields(stored, now),
      lock: operatorLock(user, now),
      updatedAt: after(user.updatedAt, now),
    });
    await record(
      tx,
      { instanceId: instance.id, action: "user.password_reset", actor, subject: user.id, ipAddress },
      parts.seams,
    );
    if (signOutOthers) {
      await endSessions(parts, tx, await openSessionsOf(tx, user.id), {
        status: "revoked",
        actor,
        ipAddress,
      });
    }
    const primary =
      user.primaryEmailAddressId === null
        ? null
        : await tx.get("email_addresses", user.primaryEmailAddressId);
    if (primary !== null) {
      const to = primary.emailAddress;
      tx.afterCommit(() => notify(parts, instance, { kind: "password_changed", to }));
    }
    return completeSignIn(parts, tx, call, {
      client,
      signIn,
      user: changed,
      strategy: signIn.firstFactor?.strategy ?? "password",
    });
  });
  return answerWithClient(parts, call, stepped.client, (json) => json?.sign_in ?? null, stepped.headers);
}

async function provedSignIn(reader: Reader, call: Call) {
  const own = await ownSignIn(reader, call);
  if (own.signIn.status !== "needs_new_password" || own.signIn.userId === null) {
    throw refuse("client_state_invalid");
  }
  const user = await reader.get("users", own.signIn.userId);
  if (user === null) throw refuse("sign_in_identification_or_user_deleted");
  return { ...own, user };
}

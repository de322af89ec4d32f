import { answerWithClient } from "../answers.ts";
import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { endSessions, openSessionsOf } from "../sessions/index.ts";
import type { Reader } from "../store/index.ts";
import { completeSignIn } from "./complete_sign_in.ts";
import { ownSignIn } from "./own_sign_in.ts";

/** `POST …/reset_password` (F §9.5): the new password of somebody whose code was right. It also opens a locked account. */
export async function resetPassword(parts: Parts, call: Call): Promise<Answer> {
  const password = call.body.required("password");
  const signOutOthers = call.body.flag("sign_out_of_other_sessions") === true;
  const reader = parts.store.read();
  const { user: before } = await provedSignIn(reader, call);
  const emails = await reader.list("email_addresses", "by_user", [before.id]);
  parts.passwords.check(password, call.instance, "password", [
    ...emails.map(({ emailAddress }) => emailAddress),
    ...(before.username === null ? [] : [before.username]),
  ]);
  const stored = await parts.passwords.hash(password);
  const { now, instance, ipAddress } = call;
  const stepped = await parts.store.transact("reset password", async (tx) => {
    const { client, signIn, user } = await provedSignIn(tx, call);
    const actor = `user:${user.id}`;
    const changed = await tx.patch("users", user, {
      passwordDigest: stored.digest,
      passwordHasher: stored.hasher,
      passwordUpdatedAt: now,
      failedAttempts: 0,
      lock: user.lock?.kind === "operator" ? user.lock : null,
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
    const to = emails.find(({ id }) => id === user.primaryEmailAddressId)?.emailAddress;
    if (to !== undefined) {
      tx.afterCommit(() => {
        parts.mailer.send(instance, { kind: "password_changed", to }).catch(parts.report);
      });
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

import { after } from "../clients/browser.ts";
import { type IdentityError, refuse, refuseField, refuseUntil } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { StoredPassword } from "../passwords/index.ts";
import { type CallerSession, endSessions, openSessionsOf, sessionOf } from "../sessions/index.ts";
import type { UserRow, Writer } from "../store/index.ts";
import {
  countFailure,
  hashNewPassword,
  lockInForce,
  passwordFields,
  storedPassword,
} from "../users/index.ts";
import { notify } from "../verification/index.ts";
import { answerUser, auditOwn } from "./own_user.ts";

/** The caller's own password (F §4.7). */
export function passwordRoutes(parts: Parts): Route[] {
  return [
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/change_password",
      async handle(call) {
        const password = call.body.required("new_password");
        const proved = await proveCurrent(parts, call);
        // Told only to who knows the current one: to others it would be a way to try passwords.
        if (proved.current === password)
          throw refuseField("form_new_password_matches_current", "new_password");
        const stored = await hashNewPassword(parts, call.instance, proved.user, password, "new_password");
        return answerUser(parts, call, await replacePassword(parts, call, proved, stored));
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/remove_password",
      async handle(call) {
        const { settings } = call.instance;
        const proved = await proveCurrent(parts, call);
        if (proved.user.passwordDigest === null) throw refuse("no_password_set");
        const { enabled, codeSignIn } = settings.emailAddress;
        const canUseCode = enabled && codeSignIn && proved.user.primaryEmailAddressId !== null;
        if (settings.password.required || !canUseCode) {
          throw refuse(
            "password_required",
            {},
            "The password cannot be removed: it is the only way to sign in to this account, or every account has to have one.",
          );
        }
        return answerUser(parts, call, await replacePassword(parts, call, proved, null));
      },
    },
  ];
}

interface ProvedPassword {
  readonly user: UserRow;
  /** As it was typed; null for an account that has none. */
  readonly current: string | null;
}

/**
 * The caller, who has given their current password if they have one. Wrong ones count towards the lock like those of a
 * sign-in: a session that was left open is no way to find out the password.
 */
async function proveCurrent(parts: Parts, call: Call): Promise<ProvedPassword> {
  const { store, passwords, rates } = parts;
  const { user } = await sessionOf(store.read(), call);
  const stored = storedPassword(user);
  if (stored === null) return { user, current: null };
  const current = call.body.required("current_password");
  rates.take("attempt", user.id);
  refuseLocked(user, call.now);
  if (await passwords.verify(current, stored)) return { user, current };
  throw await store.transact("wrong current password", async (tx): Promise<IdentityError> => {
    const { user } = await sessionOf(tx, call);
    await countFailure(parts, tx, call.instance, user, call.ipAddress);
    await auditOwn(parts, tx, call, user, "user.password_attempt_failed");
    return refuseField("form_password_validation_failed", "current_password");
  });
}

function refuseLocked(user: UserRow, now: number): void {
  const lock = lockInForce(user, now);
  if (lock !== null) throw refuseUntil("user_locked", (lock.until - now) / 1000);
}

/** Puts a password (or none) in the place of the one that was proved; the session that does it stays. */
function replacePassword(
  parts: Parts,
  call: Call,
  proved: ProvedPassword,
  stored: StoredPassword | null,
): Promise<UserRow> {
  const signOutOthers = call.body.flag("sign_out_of_other_sessions") === true;
  return parts.store.transact("replace password", async (tx) => {
    const caller = await sessionOf(tx, call);
    const { user } = caller;
    // Somebody else was faster: what was proved is the current password no more.
    if (user.passwordDigest !== proved.user.passwordDigest) {
      throw refuseField("form_password_validation_failed", "current_password");
    }
    if (signOutOthers) await endOtherSessions(parts, tx, call, caller);
    await auditOwn(
      parts,
      tx,
      call,
      user,
      stored === null ? "user.password_removed" : "user.password_changed",
    );
    await tellOwner(parts, tx, call, user);
    return tx.patch("users", user, {
      ...passwordFields(stored, call.now),
      updatedAt: after(user.updatedAt, call.now),
    });
  });
}

async function endOtherSessions(
  parts: Parts,
  tx: Writer,
  call: Call,
  { session, user }: CallerSession,
): Promise<void> {
  const others = (await openSessionsOf(tx, user.id)).filter(({ id }) => id !== session.id);
  await endSessions(parts, tx, others, {
    status: "revoked",
    actor: `user:${user.id}`,
    ipAddress: call.ipAddress,
  });
}

/** The owner learns of it by mail, should it be somebody else who changes it. Nobody waits for the mail server. */
async function tellOwner(parts: Parts, tx: Writer, { instance }: Call, user: UserRow): Promise<void> {
  if (user.primaryEmailAddressId === null) return;
  const primary = await tx.get("email_addresses", user.primaryEmailAddressId);
  if (primary === null) return;
  const to = primary.emailAddress;
  tx.afterCommit(() => notify(parts, instance, { kind: "password_changed", to }));
}

import { record } from "../audit/record.ts";
import { refuse, refuseUntil } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { Reader, UserRow, Writer } from "../store/index.ts";
import { guard, guardOf } from "../verification/index.ts";
import type { Identifier } from "./identifier.ts";

/** Whom wrong attempts count against: an account, or an identifier that nobody has, which must look the same. */
export interface Target {
  readonly user: UserRow | null;
  readonly identifier: Identifier;
}

/** Until when too many wrong attempts keep this target locked; null when they do not. */
export async function lockedUntil(
  parts: Parts,
  reader: Reader,
  call: Call,
  { user, identifier }: Target,
): Promise<number | null> {
  if (!call.instance.settings.lockout) return null;
  const until =
    user === null
      ? ((await guardOf(parts, reader, call.instance, identifier.key))?.lockedUntil ?? null)
      : lockOf(parts, user);
  return until !== null && until > call.now ? until : null;
}

/** Throws `user_locked` after too many wrong attempts: whatever is tried now, nothing of it is compared. */
export async function refuseLocked(parts: Parts, reader: Reader, call: Call, target: Target): Promise<void> {
  const until = await lockedUntil(parts, reader, call, target);
  if (until === null) return;
  throw until === Number.POSITIVE_INFINITY
    ? refuse("user_locked")
    : refuseUntil("user_locked", (until - call.now) / 1000);
}

/** Counts a wrong attempt; the one that is too many locks. Nobody who is signed in is signed out by it. */
export async function countFailure(
  parts: Parts,
  tx: Writer,
  call: Call,
  { user, identifier }: Target,
): Promise<void> {
  const { limits, seams } = parts;
  const { instance, now, ipAddress } = call;
  await record(
    tx,
    {
      instanceId: instance.id,
      action: "sign_in.failed",
      actor: "anonymous",
      subject: user?.id ?? null,
      ipAddress,
    },
    seams,
  );
  if (!instance.settings.lockout) return;
  if (user === null) {
    const known = await guardOf(parts, tx, instance, identifier.key);
    const over = known?.lockedUntil != null && known.lockedUntil <= now;
    const failedAttempts = (known === null || over ? 0 : known.failedAttempts) + 1;
    const locked = failedAttempts >= limits.lockoutAttempts;
    await guard(parts, tx, instance, identifier.key, {
      failedAttempts,
      lockedUntil: locked ? now + limits.lockoutDuration : null,
    });
    return;
  }
  const over = user.lock?.kind === "attempts" && user.lock.until <= now;
  const failedAttempts = (over ? 0 : user.failedAttempts) + 1;
  const locks = failedAttempts >= limits.lockoutAttempts && user.lock?.kind !== "operator";
  await tx.patch("users", user, {
    failedAttempts,
    lock: locks ? { kind: "attempts", until: now + limits.lockoutDuration } : over ? null : user.lock,
  });
  if (!locks) return;
  await record(
    tx,
    { instanceId: instance.id, action: "user.locked", actor: "system", subject: user.id, ipAddress },
    seams,
  );
  const email =
    user.primaryEmailAddressId === null ? null : await tx.get("email_addresses", user.primaryEmailAddressId);
  if (email === null) return;
  tx.afterCommit(() => {
    parts.mailer.send(instance, { kind: "account_locked", to: email.emailAddress }).catch(parts.report);
  });
}

/**
 * An account that its operator locked is told so only to who proves to own it; its wrong attempts are bounded all the
 * same, for good.
 */
function lockOf({ limits }: Parts, user: UserRow): number | null {
  if (user.lock === null) return null;
  if (user.lock.kind === "attempts") return user.lock.until;
  return user.failedAttempts >= limits.lockoutAttempts ? Number.POSITIVE_INFINITY : null;
}

import { record } from "../audit/record.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { UserRow, Writer } from "../store/index.ts";
import { notify } from "../verification/index.ts";

/** The lock that an account is under now: the operator's, or that of too many failed attempts; null for none. */
export function lockInForce({ lock }: UserRow, now: number): UserRow["lock"] {
  return lock !== null && lock.until > now ? lock : null;
}

/** Is the account under a lock now, of either kind? */
export function isLocked(user: UserRow, now: number): boolean {
  return lockInForce(user, now) !== null;
}

/** The operator's lock, which outlasts a proof of who somebody is. Null for none, and for one that is over. */
export function operatorLock(user: UserRow, now: number): UserRow["lock"] {
  const lock = lockInForce(user, now);
  return lock?.kind === "operator" ? lock : null;
}

/**
 * Counts a wrong password or code. At the limit the account is locked for a while, which its owner is told; nobody who
 * is signed in is signed out by it.
 */
export async function countFailure(
  parts: Parts,
  tx: Writer,
  instance: Instance,
  user: UserRow,
  ipAddress: string | null,
): Promise<void> {
  const { seams, limits } = parts;
  const now = seams.clock.now();
  if (!instance.settings.lockout || isLocked(user, now)) return;
  // A lock that is over begins the count anew.
  const failedAttempts = (user.lock === null ? user.failedAttempts : 0) + 1;
  if (failedAttempts < limits.lockoutAttempts) {
    await tx.patch("users", user, { failedAttempts, lock: null });
    return;
  }
  const entry = {
    instanceId: instance.id,
    action: "user.locked",
    actor: "system",
    subject: user.id,
    ipAddress,
  };
  await record(tx, { ...entry, detail: { failedAttempts } }, seams);
  await tx.patch("users", user, {
    failedAttempts: 0,
    lock: { kind: "attempts", until: now + limits.lockoutDuration },
  });
  if (user.primaryEmailAddressId === null) return;
  const primary = await tx.get("email_addresses", user.primaryEmailAddressId);
  if (primary === null) return;
  tx.afterCommit(() => notify(parts, instance, { kind: "account_locked", to: primary.emailAddress }));
}

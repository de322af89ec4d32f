import { record } from "../audit/record.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { UserRow, Writer } from "../store/index.ts";

/** Is the account locked now: by the operator, or by too many failed attempts until a moment that is to come? */
export function isLocked({ lock }: UserRow, now: number): boolean {
  switch (lock?.kind) {
    case undefined:
      return false;
    case "operator":
      return true;
    case "attempts":
      return lock.until > now;
  }
}

/**
 * Counts a wrong password or code. At the limit the account is locked for a while; nobody who is signed in is signed
 * out by it. Answers the user as it is now.
 */
export async function countFailure(
  { seams, limits }: Pick<Parts, "seams" | "limits">,
  tx: Writer,
  instance: Instance,
  user: UserRow,
  ipAddress: string | null,
): Promise<UserRow> {
  const now = seams.clock.now();
  if (!instance.settings.lockout || isLocked(user, now)) return user;
  // A lock that is over begins the count anew.
  const failedAttempts = (user.lock?.kind === "attempts" ? 0 : user.failedAttempts) + 1;
  if (failedAttempts < limits.lockoutAttempts) {
    return tx.patch("users", user, { failedAttempts, lock: null });
  }
  const entry = {
    instanceId: instance.id,
    action: "user.locked",
    actor: "system",
    subject: user.id,
    ipAddress,
  };
  await record(tx, { ...entry, detail: { failedAttempts } }, seams);
  return tx.patch("users", user, {
    failedAttempts: 0,
    lock: { kind: "attempts", until: now + limits.lockoutDuration },
  });
}

import { record } from "../audit/record.ts";
import { refuseUntil } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { Reader, UserRow, Writer } from "../store/index.ts";
import { countFailure, operatorLock } from "../users/index.ts";
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
    user === null || operatorLock(user, call.now) !== null
      ? ((await guardOf(parts, reader, call.instance, identifier.key))?.lockedUntil ?? null)
      : (user.lock?.until ?? null);
  return until !== null && until > call.now ? until : null;
}

/** Throws `user_locked` after too many wrong attempts: whatever is tried now, nothing of it is compared. */
export async function refuseLocked(parts: Parts, reader: Reader, call: Call, target: Target): Promise<void> {
  const until = await lockedUntil(parts, reader, call, target);
  if (until !== null) throw refuseUntil("user_locked", (until - call.now) / 1000);
}

/** Counts a wrong attempt; the one that is too many locks. Nobody who is signed in is signed out by it. */
export async function countWrongAttempt(
  parts: Parts,
  tx: Writer,
  call: Call,
  { user, identifier }: Target,
): Promise<void> {
  const { instance, ipAddress } = call;
  const subject = user?.id ?? null;
  await record(
    tx,
    { instanceId: instance.id, action: "sign_in.failed", actor: "anonymous", subject, ipAddress },
    parts.seams,
  );
  if (!instance.settings.lockout) return;
  // An account that its operator locked is told so only to who proves to own it: to others it is like no account.
  if (user === null || operatorLock(user, call.now) !== null)
    await countByIdentifier(parts, tx, call, identifier);
  else await countFailure(parts, tx, instance, user, ipAddress);
}

async function countByIdentifier(
  parts: Parts,
  tx: Writer,
  { instance, now }: Call,
  { key }: Identifier,
): Promise<void> {
  const { limits } = parts;
  const known = await guardOf(parts, tx, instance, key);
  if (known?.lockedUntil != null && known.lockedUntil > now) return;
  const failedAttempts = (known?.failedAttempts ?? 0) + 1;
  await guard(
    parts,
    tx,
    instance,
    key,
    failedAttempts < limits.lockoutAttempts
      ? { failedAttempts }
      : { failedAttempts: 0, lockedUntil: now + limits.lockoutDuration },
  );
}

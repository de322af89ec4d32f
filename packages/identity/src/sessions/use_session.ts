import type { Limits } from "../limits.ts";
import type { Parts } from "../parts.ts";
import type { SessionRow, UserRow } from "../store/index.ts";

/** The use of a session is noted at most this often, for tokens are minted every minute. */
const MOST_OFTEN = 5 * 60_000;

/** What a session's use at a moment changes of it. */
export function usedAt(
  { sessionInactivity }: Limits,
  expireAt: number,
  now: number,
): Pick<SessionRow, "lastActiveAt" | "abandonAt" | "openUntil"> {
  const abandonAt = now + sessionInactivity;
  return { lastActiveAt: now, abandonAt, openUntil: Math.min(expireAt, abandonAt) };
}

/** Notes that a session is in use, which puts off the end that comes from not using it. */
export async function noteUse(
  { store, limits }: Parts,
  { session, user }: { session: SessionRow; user: UserRow },
  now: number,
): Promise<void> {
  if (now - session.lastActiveAt < Math.min(MOST_OFTEN, limits.sessionInactivity / 4)) return;
  await store.transact("use session", async (tx) => {
    const current = await tx.get("sessions", session.id);
    if (current === null || current.endedAt !== null) return;
    await tx.patch("sessions", current, usedAt(limits, current.expireAt, now));
    const owner = await tx.get("users", user.id);
    if (owner !== null) await tx.patch("users", owner, { lastActiveAt: now });
  });
}

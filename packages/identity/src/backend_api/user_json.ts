import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { isLocked, userJson } from "../users/index.ts";

/** A user as the app's own servers see them (B §1.11): with private metadata, and how locked they are. */
export async function backendUserJson(
  reader: Reader,
  limits: Limits,
  instance: Instance,
  user: UserRow,
  now: number,
) {
  const locked = isLocked(user, now);
  return {
    ...(await userJson(reader, instance, user, now)),
    organization_memberships: null,
    private_metadata: JSON.parse(user.privateMetadata) as Record<string, unknown>,
    locked,
    lockout_expires_in_seconds:
      locked && user.lock?.kind === "attempts" ? Math.ceil((user.lock.until - now) / 1000) : null,
    verification_attempts_remaining: locked ? 0 : Math.max(0, limits.lockoutAttempts - user.failedAttempts),
  };
}

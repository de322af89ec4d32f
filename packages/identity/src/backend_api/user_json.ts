import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { lockInForce, userJson } from "../users/index.ts";

type Metadata = Record<string, unknown> | null;

/** A user as the app's own servers see them (B §1.11): with private metadata, and how locked they are. */
export async function backendUserJson(
  reader: Reader,
  limits: Limits,
  instance: Instance,
  user: UserRow,
  now: number,
) {
  const lock = lockInForce(user, now);
  return {
    ...(await userJson(reader, instance, user, now)),
    organization_memberships: null,
    public_metadata: JSON.parse(user.publicMetadata) as Metadata,
    private_metadata: JSON.parse(user.privateMetadata) as Metadata,
    unsafe_metadata: JSON.parse(user.unsafeMetadata) as Metadata,
    locked: lock !== null,
    lockout_expires_in_seconds: lock === null ? null : Math.ceil((lock.until - now) / 1000),
    verification_attempts_remaining:
      lock !== null ? 0 : Math.max(0, limits.lockoutAttempts - user.failedAttempts),
  };
}

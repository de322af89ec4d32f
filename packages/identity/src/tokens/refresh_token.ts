import { keyedDigest, sameSecret } from "../digest.ts";
import type { Parts } from "../parts.ts";
import type { SessionRow } from "../store/index.ts";

/**
 * By this an app's server gets a new session token in the place of one that has expired, without sending the browser
 * around (B §1.6). It is of use only together with the secret key, and only as long as the session is alive.
 */
export function refreshToken({ instanceSecret }: Pick<Parts, "instanceSecret">, { id }: SessionRow): string {
  return keyedDigest(instanceSecret, "refresh", id);
}

/** Is it the one of this session? */
export function isRefreshToken(
  parts: Pick<Parts, "instanceSecret">,
  session: SessionRow,
  token: string,
): boolean {
  return sameSecret(refreshToken(parts, session), token);
}

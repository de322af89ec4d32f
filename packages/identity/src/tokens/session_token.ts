import type { Instance } from "../instances/index.ts";
import { signJwt } from "../keys/signing_keys.ts";
import type { Parts } from "../parts.ts";
import { randomText } from "../public_id.ts";
import { factorAges } from "../sessions/factor_ages.ts";
import type { SessionRow, UserRow } from "../store/index.ts";
import { claimsScope } from "./claims_scope.ts";
import { resolveShortcodes } from "./shortcodes.ts";

/** Category of session tokens, which verifiers tell from those of templates (B §2.7). */
const CATEGORY = "cl_B7d4PD111AAA";

/** Claims that an instance cannot add, not even where a token has none of them: verifiers act on them. */
const RESERVED = new Set("act azp exp fea fva iat iss jti nbf o pla sid sts sub v".split(" "));

/** Seconds by which a verifier's clock may be behind ours. */
const CLOCK_SKEW = 5;

export interface TokenSubject {
  readonly instance: Instance;
  readonly session: SessionRow;
  readonly user: UserRow;
  /** The page's origin; null for callers that are no page. */
  readonly origin: string | null;
  /** Seconds, in place of the usual ones. */
  readonly lifetime?: number;
}

/**
 * An id that no other token has. It begins with the session's, so that whoever holds a token (of a template too,
 * which has no `sid`) can tell by which session it was given, and drop it when that ends.
 */
export function tokenId(session: SessionRow, random: { bytes(length: number): Uint8Array }): string {
  return `${session.id.slice("sess_".length)}.${randomText(20, random)}`;
}

/** A session token (F §6.1, version 2 of its claims), with the claims that the instance adds: always a new one. */
export async function mintSessionToken(
  { keys, seams, limits, store }: Parts,
  { instance, session, user, origin, lifetime }: TokenSubject,
): Promise<string> {
  const now = seams.clock.now();
  const issuedAt = Math.floor(now / 1000);
  const { sessionClaims } = instance.settings;
  const added = Object.fromEntries(Object.entries(sessionClaims).filter(([claim]) => !RESERVED.has(claim)));
  const custom =
    Object.keys(added).length === 0
      ? {}
      : resolveShortcodes(added, await claimsScope(store.newest, instance, user, session));
  const actor = session.actor === null ? null : JSON.parse(session.actor);
  return signJwt(
    await keys.current(instance.id),
    {
      ...(custom as Record<string, unknown>),
      ...(origin === null ? {} : { azp: origin }),
      exp: issuedAt + (lifetime ?? Math.floor(limits.sessionTokenLifetime / 1000)),
      fva: factorAges(session, now),
      iat: issuedAt,
      iss: instance.issuer,
      jti: tokenId(session, seams.random),
      nbf: issuedAt - CLOCK_SKEW,
      sid: session.id,
      sts: session.status,
      sub: user.id,
      v: 2,
      ...(actor === null ? {} : { act: actor }),
    },
    CATEGORY,
  );
}

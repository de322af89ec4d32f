import { readToken } from "../tokens/token.ts";
import type { JwtPayload } from "../types/session.ts";
import type { ClientJson } from "../wire/json.ts";

/**
 * What a session token tells of the client, for a day on which the server is out
 * of reach (F §6.1); null when it tells nothing.
 */
export function clientFromCookie(token: string | undefined): ClientJson | null {
  if (!token) {
    return null;
  }
  let claims: JwtPayload;
  try {
    claims = readToken(token).jwt.claims;
  } catch (error) {
    console.debug("The session cookie holds no token; it may be another program's.", error);
    return null;
  }
  const { sid, sub, exp, iat, fva, o, org_id } = claims;
  if (sid === undefined || sub === undefined) {
    return null;
  }
  const organizationId = (o as { id?: string } | undefined)?.id ?? (org_id as string | undefined) ?? null;
  return {
    id: "",
    last_active_session_id: sid,
    updated_at: iat * 1000,
    sessions: [
      {
        id: sid,
        status: "active",
        expire_at: exp * 1000,
        abandon_at: exp * 1000,
        last_active_at: iat * 1000,
        created_at: iat * 1000,
        updated_at: iat * 1000,
        last_active_organization_id: organizationId,
        last_active_token: { jwt: token },
        factor_verification_age: (fva as [number, number] | undefined) ?? null,
        user: { id: sub },
      },
    ],
  };
}

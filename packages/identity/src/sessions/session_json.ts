import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { Reader, SessionRow, UserRow } from "../store/index.ts";
import { mintSessionToken } from "../tokens/session_token.ts";
import { publicUserData, userJson } from "../users/index.ts";
import { factorAges } from "./factor_ages.ts";

export type SessionJson = Record<string, unknown> & { readonly id: string };

/** A session as its browser sees it, with its user and a token that is fresh (F §5.2). */
export async function sessionJson(
  parts: Parts,
  reader: Reader,
  {
    instance,
    session,
    user,
    origin,
  }: { instance: Instance; session: SessionRow; user: UserRow; origin: string | null },
): Promise<SessionJson> {
  const [json, jwt] = await Promise.all([
    userJson(reader, instance, user, parts.seams.clock.now()),
    mintSessionToken(parts, { instance, session, user, origin }),
  ]);
  return {
    ...plain(parts, session),
    last_active_token: { object: "token", jwt },
    user: json,
    public_user_data: publicUserData(json),
  };
}

/** A session that has ended: no token, but still whose it was. */
export async function endedSessionJson(
  parts: Parts,
  reader: Reader,
  { instance, session, user }: { instance: Instance; session: SessionRow; user: UserRow },
): Promise<SessionJson> {
  const json = await userJson(reader, instance, user, parts.seams.clock.now());
  return {
    ...plain(parts, session),
    last_active_token: null,
    user: json,
    public_user_data: publicUserData(json),
  };
}

/** A session in the list of a user's devices (F §5.2). */
export function sessionWithActivityJson(parts: Parts, session: SessionRow): SessionJson {
  const { activity } = session;
  return {
    ...plain(parts, session),
    latest_activity: {
      object: "session_activity",
      id: activity.id,
      device_type: activity.deviceType,
      is_mobile: activity.isMobile,
      browser_name: activity.browserName,
      browser_version: activity.browserVersion,
      ip_address: activity.ipAddress,
      city: null,
      country: null,
    },
  };
}

function plain(parts: Parts, session: SessionRow): SessionJson {
  return {
    object: "session",
    id: session.id,
    client_id: session.clientId,
    user_id: session.userId,
    status: session.status,
    expire_at: session.expireAt,
    abandon_at: session.abandonAt,
    last_active_at: session.lastActiveAt,
    last_active_organization_id: session.lastActiveOrganizationId,
    factor_verification_age: factorAges(session, parts.seams.clock.now()),
    actor: session.actor === null ? null : JSON.parse(session.actor),
    tasks: null,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  };
}

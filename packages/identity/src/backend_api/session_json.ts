import type { Parts } from "../parts.ts";
import { isLive, liveSessions, sessionWithActivityJson } from "../sessions/index.ts";
import type { ClientRow, Reader, SessionRow } from "../store/index.ts";

/** A session as the app's own servers see it (B §1.11). One whose time is over is expired, swept or not. */
export function backendSessionJson(parts: Parts, session: SessionRow, now: number) {
  const json = sessionWithActivityJson(parts, session);
  const isOver = session.endedAt === null && !isLive(session, now);
  if (!isOver) return json;
  return { ...json, status: session.expireAt <= now ? "expired" : "abandoned" };
}

/** A browser as the app's own servers see it (B §1.11). */
export async function backendClientJson(parts: Parts, reader: Reader, client: ClientRow, now: number) {
  const sessions = await liveSessions(reader, client, now);
  return {
    object: "client",
    id: client.id,
    session_ids: sessions.map(({ id }) => id),
    sessions: sessions.map((session) => backendSessionJson(parts, session, now)),
    sign_in_id: client.signInId,
    sign_up_id: client.signUpId,
    last_active_session_id: sessions.some(({ id }) => id === client.lastActiveSessionId)
      ? client.lastActiveSessionId
      : (sessions.at(-1)?.id ?? null),
    last_authentication_strategy: client.lastAuthenticationStrategy,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  };
}

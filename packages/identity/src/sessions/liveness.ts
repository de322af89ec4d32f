import type { ClientRow, Reader, SessionRow } from "../store/index.ts";

/** Is somebody signed in by this session? Time ends it even before the sweep has seen it. */
export function isLive(session: SessionRow, now: number): boolean {
  return (
    (session.status === "active" || session.status === "pending") &&
    session.expireAt > now &&
    session.abandonAt > now
  );
}

/** The sessions by which people are signed in at a browser, oldest first. */
export async function liveSessions(
  reader: Reader,
  client: ClientRow | null,
  now: number,
): Promise<SessionRow[]> {
  if (client === null) return [];
  const open = await reader.list("sessions", "by_client", [client.id, null]);
  return open.filter((session) => isLive(session, now));
}

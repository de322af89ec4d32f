import { record } from "../audit/record.ts";
import { after } from "../clients/browser.ts";
import type { Parts } from "../parts.ts";
import type { Reader, SessionRow, SessionStatus, Writer } from "../store/index.ts";

export interface Ending {
  readonly status: Exclude<SessionStatus, "active" | "pending">;
  /** Who ends them, as the audit log names them. */
  readonly actor: string;
  readonly ipAddress: string | null;
}

/** Ends those of the sessions that have not ended. Everything that ends one comes here; listeners hear after the commit. */
export async function endSessions(
  parts: Parts,
  tx: Writer,
  sessions: readonly SessionRow[],
  { status, actor, ipAddress }: Ending,
): Promise<void> {
  const now = parts.seams.clock.now();
  for (const session of sessions) {
    if (session.endedAt !== null) continue;
    await tx.patch("sessions", session, {
      status,
      endedAt: now,
      openUntil: null,
      updatedAt: after(session.updatedAt, now),
    });
    const { instanceId, userId } = session;
    await record(
      tx,
      { instanceId, action: `session.${status}`, actor, subject: session.id, ipAddress, detail: { userId } },
      parts.seams,
    );
    const { issuer } = await parts.instances.byId(instanceId);
    tx.afterCommit(() => parts.events.sessionsEnded([{ sessionId: session.id, userId, issuer }]));
  }
}

/** The sessions of a user that have not ended, in every browser. */
export async function openSessionsOf(reader: Reader, userId: string): Promise<SessionRow[]> {
  const sessions: SessionRow[] = [];
  for await (const session of reader.all("sessions", "by_user", [userId])) {
    if (session.endedAt === null) sessions.push(session);
  }
  return sessions;
}

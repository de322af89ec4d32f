import { record } from "../audit/record.ts";
import type { Parts } from "../parts.ts";
import { endSessions, openSessionsOf } from "../sessions/end_sessions.ts";
import type { UserRow, Writer } from "../store/index.ts";

/** Ends the user's sessions and removes the account with its addresses. The audit log keeps its lines. */
export async function deleteUser(
  parts: Parts,
  tx: Writer,
  user: UserRow,
  by: { readonly actor: string; readonly ipAddress: string | null },
): Promise<void> {
  await endSessions(parts, tx, await openSessionsOf(tx, user.id), { status: "removed", ...by });
  for (const row of await tx.list("email_addresses", "by_user", [user.id])) {
    await tx.remove("email_addresses", row);
  }
  await tx.remove("users", user);
  const { instanceId, id } = user;
  await record(tx, { instanceId, action: "user.deleted", subject: id, ...by }, parts.seams);
}

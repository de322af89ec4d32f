import { publicId } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Writer } from "../store/index.ts";

export interface AuditEntry {
  readonly instanceId: string;
  /** What happened, such as `session.created`. */
  readonly action: string;
  /** `user:user_…`, `backend_api`, `anonymous` or `system`. */
  readonly actor: string;
  readonly subject: string | null;
  readonly ipAddress: string | null;
  /** No secrets. */
  readonly detail?: { readonly [name: string]: unknown };
}

/** Writes a line of the audit log in the transaction that it is about: both are there, or neither is. */
export async function record(tx: Writer, entry: AuditEntry, { clock, random }: Seams): Promise<void> {
  await tx.insert("audit_events", {
    id: publicId("aud", random),
    instanceId: entry.instanceId,
    at: clock.now(),
    action: entry.action,
    actor: entry.actor,
    subject: entry.subject,
    ipAddress: entry.ipAddress,
    detail: JSON.stringify(entry.detail ?? {}),
  });
}

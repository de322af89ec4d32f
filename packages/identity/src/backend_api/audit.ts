import { record } from "../audit/record.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { Writer } from "../store/index.ts";

/** Who acts here, as the audit log names them: whoever has the secret key. */
export const BY_BACKEND = "backend_api";

/** A line about something that the Backend API did. */
export async function auditBackend(
  { seams }: Pick<Parts, "seams">,
  tx: Writer,
  { instance, ipAddress }: Call,
  action: string,
  subject: string,
  detail: { readonly [name: string]: unknown } = {},
): Promise<void> {
  await record(tx, { instanceId: instance.id, action, actor: BY_BACKEND, subject, ipAddress, detail }, seams);
}

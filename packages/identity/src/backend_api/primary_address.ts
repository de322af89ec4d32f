import { refuseField } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { EmailAddressRow, UserRow, Writer } from "../store/index.ts";
import { notify } from "../verification/index.ts";

/** The address that is to be the primary one from now on; null when none is named. */
export async function newPrimary(tx: Writer, { body }: Call, user: UserRow): Promise<EmailAddressRow | null> {
  const id = body.text("primary_email_address_id");
  if (id === undefined) return null;
  const row = await tx.get("email_addresses", id);
  if (row === null || row.userId !== user.id || row.verification.status !== "verified") {
    throw refuseField(
      "form_resource_not_found",
      "primary_email_address_id",
      "The primary address is one of the user's own that is verified.",
    );
  }
  return row;
}

/** Writes to the old primary address and to the new one, if it is another. */
export async function tellOfPrimary(
  parts: Parts,
  tx: Writer,
  { instance }: Call,
  { primaryEmailAddressId }: UserRow,
  primary: EmailAddressRow,
): Promise<void> {
  if (primary.id === primaryEmailAddressId) return;
  const old = primaryEmailAddressId === null ? null : await tx.get("email_addresses", primaryEmailAddressId);
  for (const { emailAddress: to } of old === null ? [primary] : [old, primary]) {
    tx.afterCommit(() => notify(parts, instance, { kind: "primary_email_address_changed", to }));
  }
}

import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";

/** Addresses of one text that are looked at: one verified, and few that others have claimed and not verified. */
const MOST_CLAIMS = 50;

/** The verified row of an e-mail address (in lower case), or null: who has only claimed it does not own it. */
export async function verifiedEmail(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
): Promise<EmailAddressRow | null> {
  const rows = await reader.list("email_addresses", "by_address", [instanceId, emailAddress], {
    limit: MOST_CLAIMS,
  });
  return rows.find(({ verification }) => verification.status === "verified") ?? null;
}

/** The user who has verified an e-mail address, or null. */
export async function ownerOfEmail(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
): Promise<UserRow | null> {
  const row = await verifiedEmail(reader, instanceId, emailAddress);
  return row === null ? null : reader.get("users", row.userId);
}

/** The user with a username (in lower case), or null. */
export async function ownerOfUsername(
  reader: Reader,
  instanceId: string,
  usernameKey: string,
): Promise<UserRow | null> {
  return usernameKey === "" ? null : reader.first("users", "by_username", [instanceId, usernameKey]);
}

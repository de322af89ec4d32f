import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";

/** The verified row of an e-mail address (in lower case), or null: who has only claimed it does not own it. */
export async function verifiedEmail(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
): Promise<EmailAddressRow | null> {
  // All claims are looked at: whoever claims an address over and over must not hide its owner behind them.
  for await (const row of reader.all("email_addresses", "by_address", [instanceId, emailAddress])) {
    if (row.verification.status === "verified") return row;
  }
  return null;
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

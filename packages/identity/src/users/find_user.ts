import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";

/** Is an address its account's own: proved by who has the account, or reserved for them by the operator? */
export function isOwned({ reserved, verification }: EmailAddressRow): boolean {
  return reserved || verification.status === "verified";
}

/** Has somebody verified an e-mail address (in lower case), or is it reserved? `except` is a row that does not count. */
export async function isTakenEmail(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
  except: EmailAddressRow | null = null,
): Promise<boolean> {
  const takes = (row: EmailAddressRow) => row.id !== except?.id && isOwned(row);
  return (await claimOf(reader, instanceId, emailAddress, takes)) !== null;
}

/** The user whose own an e-mail address (in lower case) is, or null: who has only claimed it does not own it. */
export async function ownerOfEmail(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
): Promise<UserRow | null> {
  const row = await claimOf(reader, instanceId, emailAddress, isOwned);
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

async function claimOf(
  reader: Reader,
  instanceId: string,
  emailAddress: string,
  fits: (row: EmailAddressRow) => boolean,
): Promise<EmailAddressRow | null> {
  // All claims are looked at: whoever claims an address over and over must not hide its owner behind them.
  for await (const row of reader.all("email_addresses", "by_address", [instanceId, emailAddress])) {
    if (fits(row)) return row;
  }
  return null;
}

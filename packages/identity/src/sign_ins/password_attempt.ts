import type { Parts } from "../parts.ts";
import type { StoredPassword } from "../passwords/index.ts";
import type { UserRow, Writer } from "../store/index.ts";
import { storedPassword } from "../users/index.ts";

/** A password that was compared outside of the transaction: with which digest, and what came of it. */
export interface ComparedPassword {
  readonly correct: boolean;
  readonly digest: string | null;
  /** A digest of our own kind for one that is older or weaker. */
  readonly renewed: StoredPassword | null;
}

/** Compares a password, in the same time whether there is an account or not. */
export async function comparePassword(
  { passwords }: Parts,
  user: UserRow | null,
  password: string,
): Promise<ComparedPassword> {
  const stored = user === null ? null : storedPassword(user);
  const correct = await passwords.verify(password, stored);
  const renewed =
    correct && stored !== null && passwords.outdated(stored) ? await passwords.hash(password) : null;
  return { correct, digest: stored?.digest ?? null, renewed };
}

/** Is it the password still, now that the transaction sees the account? */
export function isCorrect({ correct, digest }: ComparedPassword, user: UserRow | null): boolean {
  return correct && user !== null && user.passwordDigest === digest;
}

/** Puts our digest in the place of an older one. */
export async function renewPassword(
  tx: Writer,
  user: UserRow,
  { renewed }: ComparedPassword,
): Promise<UserRow> {
  if (renewed === null) return user;
  return tx.patch("users", user, { passwordDigest: renewed.digest, passwordHasher: renewed.hasher });
}

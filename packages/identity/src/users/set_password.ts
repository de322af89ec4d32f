import { refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { StoredPassword } from "../passwords/index.ts";
import type { Reader, UserRow } from "../store/index.ts";

/** The password of an account as it is kept, or null when it has none. */
export function storedPassword(user: UserRow): StoredPassword | null {
  return user.passwordDigest === null || user.passwordHasher === null
    ? null
    : { digest: user.passwordDigest, hasher: user.passwordHasher };
}

/** What changes in a user's row with the password. */
export function passwordFields(password: StoredPassword | null, now: number) {
  return {
    passwordDigest: password?.digest ?? null,
    passwordHasher: password?.hasher ?? null,
    passwordUpdatedAt: password === null ? null : now,
    passwordCompromised: false,
    failedAttempts: 0,
  };
}

/** What a person is known by: no password of theirs may be one of these. */
export async function identifiersOf(reader: Reader, user: UserRow): Promise<string[]> {
  const addresses = await reader.list("email_addresses", "by_user", [user.id]);
  return [
    ...addresses.map(({ emailAddress }) => emailAddress),
    ...(user.username === null ? [] : [user.username]),
  ];
}

/** Judges a new password of an account, and hashes it. Throws every fault of it (F §8.2). */
export async function hashNewPassword(
  { passwords, store }: Pick<Parts, "passwords" | "store">,
  instance: Instance,
  user: UserRow,
  password: string,
  field: string,
): Promise<StoredPassword> {
  if (!instance.settings.password.enabled) throw refuseField("form_param_value_disabled", field);
  passwords.check(password, instance, field, await identifiersOf(store.read(), user));
  return passwords.hash(password);
}

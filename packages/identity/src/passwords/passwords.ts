import type { Instance } from "../instances/index.ts";

/** What a stored password is: its digest and the hasher whose form it has (B §1.5). */
export interface StoredPassword {
  readonly digest: string;
  readonly hasher: string;
}

/** Hashing and judging of passwords. Hashing happens on threads of its own. */
export interface Passwords {
  /** An argon2id digest (PHC string). Throws `too_many_requests` when too many wait. */
  hash(password: string): Promise<StoredPassword>;
  /**
   * Is this the password? With `stored` null it takes as long and answers false: an account that is not there, or has
   * no password, must not be told by the time. Nor one whose digest is cheaper than ours: what is wrong by it costs
   * as much again.
   */
  verify(password: string, stored: StoredPassword | null): Promise<boolean>;
  /** Is the digest of an older or weaker kind than ours, to be replaced after a good sign-in? */
  outdated(stored: StoredPassword): boolean;
  /**
   * Throws an `IdentityError` with every fault of a new password by the instance's policy, the lists of breached and
   * common passwords, and the person's own `identifiers`. `field` is the form's name for it.
   */
  check(password: string, instance: Instance, field: string, identifiers: readonly string[]): void;
  close(): Promise<void>;
}

/** What one password hash costs (argon2id), for us, for the peer and for the limit alike: our defaults. */
export const HASH = {
  /** KiB. */
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
} as const;

/** The password of all users. */
export const PASSWORD = "correct horse battery staple 7";

/** `count` users' addresses. */
export function emailAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `user${i}@example.com`);
}

export { digestFault } from "./digests.ts";
export type { Passwords, StoredPassword } from "./passwords.ts";
export { ThreadedPasswords } from "./threaded_passwords.ts";

import { createRequire } from "node:module";

type Native = typeof import("@node-rs/argon2");

const load = createRequire(import.meta.url);

/**
 * Is this the password of an argon2 digest? Takes tens of milliseconds: for the threads that hash. The native code
 * loads when it is first called, so that threads which never do need no memory for it.
 */
export function matchesArgon2(password: string, digest: string): boolean {
  return (load("@node-rs/argon2") as Native).verifySync(digest, password);
}

/** What a digest in the PHC string format costs: memory in bytes, passes, lanes. Null when it is none. */
export function argon2Costs(digest: string): { memory: number; passes: number; lanes: number } | null {
  const found =
    /^\$argon2(?:i|d|id)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/.exec(
      digest,
    );
  if (found === null) return null;
  const [memory, passes, lanes] = found.slice(1).map(Number) as [number, number, number];
  return { memory: memory * 1024, passes, lanes };
}

import type { UserRow } from "../store/index.ts";

/** Is the account locked now: by the operator, or by too many failed attempts until a moment that is to come? */
export function isLocked({ lock }: UserRow, now: number): boolean {
  switch (lock?.kind) {
    case undefined:
      return false;
    case "operator":
      return true;
    case "attempts":
      return lock.until > now;
  }
}

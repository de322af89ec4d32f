import { createHash } from "node:crypto";
import type { Caller, TokenFacts } from "./caller.ts";

type User = Extract<Caller, { kind: "user" }>;

const KEPT_TOKENS = 10_000;

/** Tokens that were verified, until they expire: a page's every request brings the same one. */
export class VerifiedTokens {
  readonly #kept = new Map<string, User>();

  get(token: string, now: number): User | null {
    const key = digest(token);
    const caller = this.#kept.get(key);
    if (caller === undefined) {
      return null;
    }
    if (now >= caller.expiresAt) {
      this.#kept.delete(key);
      return null;
    }
    return caller;
  }

  add(token: string, caller: User): void {
    this.#kept.set(digest(token), caller);
    if (this.#kept.size > KEPT_TOKENS) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  forget(match: (token: TokenFacts) => boolean): void {
    for (const [key, { token }] of this.#kept) {
      if (match(token)) {
        this.#kept.delete(key);
      }
    }
  }
}

/** Tokens themselves are secrets: a dump of memory should not hold thousands of them. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}

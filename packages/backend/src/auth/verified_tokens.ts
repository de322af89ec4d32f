import { hash } from "node:crypto";
import type { Caller, TokenFacts } from "./caller.ts";

type User = Extract<Caller, { kind: "user" }>;

/** Names a token in memory. Tokens themselves are secrets: a dump should not hold thousands of them. */
export type TokenDigest = string & { readonly digest: unique symbol };

/** Half of the tokens that are kept at most. */
const GENERATION = 5000;

/**
 * Tokens that were verified, until they expire: a page's every request brings the same one. When a generation of
 * them is full, the one before it is let go at once: taking out the eldest one by one is slow, a map remembers holes.
 */
export class VerifiedTokens {
  #young = new Map<TokenDigest, User>();
  #old = new Map<TokenDigest, User>();

  get(digest: TokenDigest, now: number): User | null {
    const caller = this.#young.get(digest) ?? this.#old.get(digest);
    return caller === undefined || now >= caller.expiresAt ? null : caller;
  }

  add(digest: TokenDigest, caller: User): void {
    if (this.#young.size === GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(digest, caller);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  forget(match: (token: TokenFacts) => boolean): void {
    for (const generation of [this.#young, this.#old]) {
      for (const [digest, { token }] of generation) {
        if (match(token)) {
          generation.delete(digest);
        }
      }
    }
  }
}

export function digestOfToken(token: string): TokenDigest {
  return hash("sha256", token, "base64") as TokenDigest;
}

import type { Identity } from "@tandem/runtime";

/** What a caller's token says of itself, apart from the person. */
export interface TokenFacts {
  readonly issuer: string;
  readonly subject: string;
  /** `jti`, when there is one. */
  readonly id: string | null;
}

/**
 * Is what this token stands for over (its session ended), though the token itself has not expired? Asked once per
 * token; what ends later is told by `Backend.endCallers`.
 */
export type TokenGate = (token: TokenFacts) => Promise<boolean>;

/** Who a request comes from, once its credentials are verified. */
export type Caller =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user";
      readonly identity: NonNullable<Identity>;
      /** Milliseconds since the epoch; from then on the caller is nobody (P §5.7). */
      readonly expiresAt: number;
      readonly token: TokenFacts;
    }
  | {
      readonly kind: "admin";
      /** An admin may act as a user (P §5.9). */
      readonly actingAs: Identity;
      readonly readOnly: boolean;
    };

export const ANONYMOUS: Caller = { kind: "anonymous" };

/** What `ctx.auth.getUserIdentity()` answers for this caller. */
export function identityOf(caller: Caller): Identity {
  switch (caller.kind) {
    case "anonymous":
      return null;
    case "user":
      return caller.identity;
    case "admin":
      return caller.actingAs;
    default:
      return caller satisfies never;
  }
}

/** Verifies credentials. Throws `ApiError` with the codes and texts of P §5.5. */
export interface Authenticator {
  /** A JWT of one of the configured providers. */
  user(token: string): Promise<Caller>;
  /** An admin key, perhaps acting as a user. */
  admin(key: string, actingAs?: unknown): Caller;
  /** From now on the tokens that `match` names are refused, unless the gate lets them through again. */
  forget(match: (token: TokenFacts) => boolean): void;
}

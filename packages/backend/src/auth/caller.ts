import type { Identity } from "@tandem/runtime";

/** Who a request comes from, once its credentials are verified. */
export type Caller =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user";
      readonly identity: NonNullable<Identity>;
      /** Milliseconds since the epoch; from then on the caller is nobody (P §5.7). */
      readonly expiresAt: number;
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
}

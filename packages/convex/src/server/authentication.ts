import type { JSONValue } from "@tandem/values";

/** What `convex/auth.config.ts` exports: who may issue tokens for this deployment (P §5.1). */
export type AuthConfig = { providers: AuthProvider[] };

/**
 * One issuer of tokens: an OpenID Connect issuer found through its domain, or any issuer of JWTs with the
 * address of its keys (P §5.1).
 */
export type AuthProvider =
  | {
      /** The `aud` that tokens must carry. */
      applicationID: string;
      /** The issuer's address; its discovery document lies below it. */
      domain: string;
    }
  | {
      type: "customJwt";
      /** The `aud` that tokens must carry; any is accepted when left out. */
      applicationID?: string;
      /** The `iss` that tokens must carry. */
      issuer: string;
      /** Where the public keys are: an https address or a data URI. */
      jwks: string;
      algorithm: "RS256" | "ES256";
    };

/**
 * The user as the token describes them (P §5.6). Standard claims have the names below; all other claims keep
 * their own.
 */
export interface UserIdentity {
  /** Issuer and subject as one string: unique and stable among all issuers. */
  readonly tokenIdentifier: string;
  /** The issuer's name for the user. */
  readonly subject: string;
  readonly issuer: string;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly nickname?: string;
  readonly preferredUsername?: string;
  readonly profileUrl?: string;
  readonly pictureUrl?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly gender?: string;
  readonly birthday?: string;
  readonly timezone?: string;
  readonly language?: string;
  readonly phoneNumber?: string;
  readonly phoneNumberVerified?: boolean;
  readonly address?: string;
  readonly updatedAt?: string;
  [claim: string]: JSONValue | undefined;
}

/** A user identity as tests and tools give it: the token identifier is made from issuer and subject. */
export type UserIdentityAttributes = Omit<UserIdentity, "tokenIdentifier">;

/** `ctx.auth`: who calls. */
export interface Auth {
  /** The user of the token that came with the request, `null` when there was none. */
  getUserIdentity(): Promise<UserIdentity | null>;
}

/** `ctx.auth` of mutations, which may also sign tokens. */
export interface MutationAuth extends Auth {
  /** Signs a JWT with the deployment's key (R §1.5). */
  signJwt(options: SignJwtOptions): Promise<string>;
}

/** Claims that only the host sets. */
export type ReservedJwtClaim = "iss" | "iat" | "exp" | "nbf";

type AnyCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${Lowercase<First> | Uppercase<First>}${AnyCase<Rest>}`
  : Text;

/** No claim's name may begin like this, in any case. */
export type ReservedJwtClaimPrefix = AnyCase<"convex" | "cvx">;

type NoReservedPrefix = { [Claim: `${ReservedJwtClaimPrefix}${string}`]: never };

/** The claims of a token to be signed. */
export type SignJwtClaims = Record<string, JSONValue> & {
  [Claim in ReservedJwtClaim]?: never;
} & NoReservedPrefix;

/** What to sign. */
export type SignJwtOptions = {
  claims?: SignJwtClaims;
  /** Seconds, 1 to 3600. */
  expiresInSeconds: number;
};

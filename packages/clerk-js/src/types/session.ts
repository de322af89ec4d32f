import type { CheckAuthorization } from "./authorization.ts";
import type { ClerkResource } from "./resource.ts";
import type { UserResource } from "./user.ts";

export type SessionStatus =
  | "active"
  | "pending"
  | "abandoned"
  | "ended"
  | "expired"
  | "removed"
  | "replaced"
  | "revoked";

export interface SessionTask {
  key: string;
}

/** The claims of a token; those that every session token has are named (F §6.1). */
export interface JwtPayload {
  iss?: string;
  sub?: string;
  sid?: string;
  /** Unix time in seconds. */
  exp: number;
  /** Unix time in seconds. */
  iat: number;
  [claim: string]: unknown;
}

export interface TokenResource {
  jwt: { claims: JwtPayload; raw: string };
  getRawString(): string;
}

export interface PublicUserData {
  firstName: string | null;
  lastName: string | null;
  imageUrl: string;
  hasImage: boolean;
  identifier: string;
  userId?: string;
  username?: string | null;
}

/** Which token `getToken()` gives (F §6.2). */
export interface GetTokenOptions {
  /** The JWT template's name; without it, the session token. */
  template?: string;
  /** Null or empty: the personal workspace; absent: the session's organisation. */
  organizationId?: string | null;
  /** Whether a new token is minted although a good one is at hand. */
  skipCache?: boolean;
  /** Seconds that the token must still be good for; below 60. */
  leewayInSeconds?: number;
}

export type GetToken = (options?: GetTokenOptions) => Promise<string | null>;

/** Somebody's being signed in on this client (F §5.2). */
export interface SessionResource extends ClerkResource {
  readonly id: string;
  status: SessionStatus;
  expireAt: Date;
  abandonAt: Date;
  lastActiveAt: Date;
  lastActiveOrganizationId: string | null;
  lastActiveToken: TokenResource | null;
  /** Minutes since the first and the second factor were shown; -1 means never. */
  factorVerificationAge: [number, number] | null;
  actor: Record<string, unknown> | null;
  tasks: SessionTask[] | null;
  readonly currentTask: SessionTask | undefined;
  user: UserResource | null;
  publicUserData: PublicUserData;
  createdAt: Date;
  updatedAt: Date;

  /**
   * A token for this session, from the cache while it is good for more than 5 s.
   * Null when the session has no user any more.
   * @throws ClerkAPIResponseError, ClerkOfflineError
   */
  getToken: GetToken;
  checkAuthorization: CheckAuthorization;
  /** Marks this session as the one in use. @throws ClerkAPIResponseError */
  touch(params?: { intent?: "focus" | "select_session" | "select_org" }): Promise<SessionResource>;
  /** Ends the session; the client keeps a trace of it. @throws ClerkAPIResponseError */
  end(): Promise<SessionResource>;
  /** Ends the session and drops it from the client. @throws ClerkAPIResponseError */
  remove(): Promise<SessionResource>;
  /** Forgets the tokens of this session that are in the cache. */
  clearCache(): void;
}

export type SignedInSessionResource = SessionResource & { status: "active" | "pending" };
export type ActiveSessionResource = SessionResource & { status: "active" };

export interface SessionActivity {
  id: string;
  deviceType?: string;
  isMobile?: boolean;
  browserName?: string;
  browserVersion?: string;
  ipAddress?: string;
  city?: string;
  country?: string;
}

/** A session of the same user, perhaps on another device, as `user.getSessions()` lists it. */
export interface SessionWithActivitiesResource extends ClerkResource {
  readonly id: string;
  status: string;
  expireAt: Date;
  abandonAt: Date;
  lastActiveAt: Date;
  latestActivity: SessionActivity;
  actor: Record<string, unknown> | null;
  /** Ends that session. @throws ClerkAPIResponseError */
  revoke(): Promise<SessionWithActivitiesResource>;
}

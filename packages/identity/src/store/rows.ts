/**
 * The rows of the identity namespace. Times are milliseconds since the epoch. `id` is the public id (`user_…`);
 * `_id` is the engine's. Free-form JSON (metadata, claims) is kept as text: its keys need not fit the engine's rules.
 */

/** What every row has. */
export interface Row {
  readonly _id: string;
  readonly id: string;
}

export type Environment = "development" | "production";

export interface ApplicationRow extends Row {
  readonly name: string;
  readonly createdAt: number;
}

/** One of the two worlds of an application: own users, own keys. */
export interface InstanceRow extends Row {
  readonly applicationId: string;
  readonly environment: Environment;
  /** JSON of `InstanceSettings`; what is absent takes its default. */
  readonly settings: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A secret key of the Backend API: found by its digest, shown again to the machine's owner from the sealed text. */
export interface SecretKeyRow extends Row {
  readonly instanceId: string;
  /** SHA-256 of the key, hex. */
  readonly digest: string;
  readonly sealed: string;
  readonly createdAt: number;
}

/** An RS256 key. The newest that is not retired signs; all that are listed verify. */
export interface SigningKeyRow extends Row {
  readonly instanceId: string;
  /** PKCS #8 PEM, sealed. */
  readonly sealedPrivateKey: string;
  /** JSON of the public JWK, `kid` included. */
  readonly publicJwk: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
}

/** A browser. */
export interface ClientRow extends Row {
  readonly instanceId: string;
  /** SHA-256 of the secret in the `__client` cookie (or of the dev browser's token), hex. */
  readonly tokenDigest: string;
  readonly signInId: string | null;
  readonly signUpId: string | null;
  readonly lastActiveSessionId: string | null;
  readonly lastAuthenticationStrategy: string | null;
  readonly expireAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A development browser (F §1.7): a token in the page's own storage in place of a cookie. */
export interface DevBrowserRow extends Row {
  readonly instanceId: string;
  readonly tokenDigest: string;
  readonly clientId: string | null;
  readonly createdAt: number;
}

/** What a browser brings from a handshake to an app's server, which fetches it once (B §2.9). */
export interface HandshakeRow extends Row {
  readonly instanceId: string;
  readonly nonceDigest: string;
  /** JSON of the `Set-Cookie` texts, sealed: a session token is among them. */
  readonly sealedDirectives: string;
  readonly expireAt: number;
}

export type SessionStatus =
  | "active"
  | "pending"
  | "abandoned"
  | "ended"
  | "expired"
  | "removed"
  | "replaced"
  | "revoked";

export interface SessionActivity {
  readonly id: string;
  readonly deviceType: string | null;
  readonly isMobile: boolean;
  readonly browserName: string | null;
  readonly browserVersion: string | null;
  readonly ipAddress: string | null;
}

export interface SessionRow extends Row {
  readonly instanceId: string;
  readonly clientId: string;
  readonly userId: string;
  readonly status: SessionStatus;
  readonly expireAt: number;
  readonly abandonAt: number;
  /** The earlier of the two while it is open; null once it has ended. */
  readonly openUntil: number | null;
  readonly lastActiveAt: number;
  readonly lastActiveOrganizationId: string | null;
  readonly firstFactorVerifiedAt: number;
  readonly secondFactorVerifiedAt: number | null;
  /** Who acts in the user's name: JSON of `{sub, …}`. */
  readonly actor: string | null;
  readonly activity: SessionActivity;
  readonly endedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UserRow extends Row {
  readonly instanceId: string;
  readonly externalId: string | null;
  /** As the user wrote it. */
  readonly username: string | null;
  /** In lower case, for look-ups. */
  readonly usernameKey: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly primaryEmailAddressId: string | null;
  /** Digest of the password in the form of its hasher. */
  readonly passwordDigest: string | null;
  /** `argon2id` for ours; imported users bring their own (B §1.5). */
  readonly passwordHasher: string | null;
  readonly passwordUpdatedAt: number | null;
  /** Somebody else knows the password: it is good for nothing until there is another one. */
  readonly passwordCompromised: boolean;
  readonly publicMetadata: string;
  readonly privateMetadata: string;
  readonly unsafeMetadata: string;
  readonly banned: boolean;
  /** Locked until a moment, which may be over: by the operator, or by failed attempts. */
  readonly lock: { readonly kind: "operator" | "attempts"; readonly until: number } | null;
  readonly failedAttempts: number;
  readonly deleteSelfEnabled: boolean;
  readonly createOrganizationEnabled: boolean;
  readonly createOrganizationsLimit: number | null;
  readonly locale: string | null;
  readonly legalAcceptedAt: number | null;
  readonly lastSignInAt: number | null;
  readonly lastActiveAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A verification by a code that was sent (F §4.5). */
export interface Verification {
  readonly status: "unverified" | "verified" | "failed" | "expired" | "transferable";
  readonly strategy: string;
  readonly attempts: number;
  readonly expireAt: number | null;
  /** HMAC of the code under the instance secret, hex; null once it is of no use. */
  readonly codeDigest: string | null;
  readonly sentAt: number | null;
}

export interface EmailAddressRow extends Row {
  readonly instanceId: string;
  readonly userId: string;
  /** Normalised: trimmed, in lower case. */
  readonly emailAddress: string;
  readonly verification: Verification;
  /** Kept for this user by the operator before it is verified: nobody else can have it (B §1.5). */
  readonly reserved: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SignInRow extends Row {
  readonly instanceId: string;
  readonly clientId: string;
  readonly status: "needs_identifier" | "needs_first_factor" | "needs_new_password" | "complete";
  /** As the person gave it. */
  readonly identifier: string | null;
  /** Null also for an identifier that nobody has, when that must not be told. */
  readonly userId: string | null;
  readonly firstFactor: Verification | null;
  /** The page asked that an address without an account may go on as a sign-up (F §4.6). */
  readonly signUpIfMissing: boolean;
  readonly createdSessionId: string | null;
  readonly abandonAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is remembered of an address or a username, whether an account has it or not. */
export interface AddressGuardRow extends Row {
  readonly instanceId: string;
  /** HMAC of the address under the instance secret, hex. */
  readonly digest: string;
  /** When a code was sent to it last. */
  readonly sentAt: number | null;
  /** Wrong attempts to sign in by it, while nobody has it: whoever has it counts their own. */
  readonly failedAttempts: number;
  readonly lockedUntil: number | null;
  readonly expireAt: number;
}

export interface SignUpRow extends Row {
  readonly instanceId: string;
  readonly clientId: string;
  readonly status: "missing_requirements" | "complete";
  readonly emailAddress: string | null;
  readonly emailVerification: Verification | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly passwordDigest: string | null;
  readonly unsafeMetadata: string;
  readonly legalAcceptedAt: number | null;
  readonly locale: string | null;
  readonly createdSessionId: string | null;
  readonly createdUserId: string | null;
  readonly abandonAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface JwtTemplateRow extends Row {
  readonly instanceId: string;
  readonly name: string;
  /** JSON of the claims, shortcodes included. */
  readonly claims: string;
  /** Seconds. */
  readonly lifetime: number;
  /** Seconds. */
  readonly allowedClockSkew: number;
  readonly customSigningKey: boolean;
  readonly signingAlgorithm: string;
  /** Write-only; sealed. */
  readonly sealedSigningKey: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SignInTokenRow extends Row {
  readonly instanceId: string;
  readonly userId: string;
  readonly digest: string;
  readonly status: "pending" | "accepted" | "revoked";
  readonly expireAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface TestingTokenRow extends Row {
  readonly instanceId: string;
  readonly digest: string;
  readonly expireAt: number;
}

/** One line of the audit log; written, never changed. */
export interface AuditEventRow extends Row {
  readonly instanceId: string;
  readonly at: number;
  /** What happened, such as `session.created`. */
  readonly action: string;
  /** Who did it: `user:user_…`, `backend_api`, `system`. */
  readonly actor: string;
  /** Whom or what it concerns, a public id. */
  readonly subject: string | null;
  readonly ipAddress: string | null;
  /** JSON; no secrets. */
  readonly detail: string;
}

/** A message of the development inbox. */
export interface InboxMessageRow extends Row {
  readonly instanceId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The code in it, for the page's copy button. */
  readonly code: string | null;
  readonly createdAt: number;
}

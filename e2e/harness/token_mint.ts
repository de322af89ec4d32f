import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";

export interface TokenOptions {
  /** Seconds from now at which it expires; negative is in the past. */
  readonly lifetime?: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with a key that the key set does not hold, though its id is there. */
  readonly foreignKey?: boolean;
  /** The key id in the header; null leaves it out. */
  readonly keyId?: string | null;
  readonly algorithm?: "ES256" | "RS256";
}

/** An issuer without a server: its keys travel in a data URL, as `customJwt` providers may have them. */
export interface TokenMint {
  readonly issuer: string;
  readonly jwks: string;
  mint(user: string, options?: TokenOptions): Promise<string>;
}

const KEY_ID = "test-key";

/** What the fixture's auth.config.ts expects as audience of the custom provider. */
export const CUSTOM_APPLICATION = "tandem-custom";

/** Makes an issuer of ES256 tokens. */
export async function tokenMint(issuer = "https://custom.example.com"): Promise<TokenMint> {
  const pairs = {
    own: await generateKeyPair("ES256", { extractable: true }),
    foreign: await generateKeyPair("ES256", { extractable: true }),
    rsa: await generateKeyPair("RS256", { extractable: true }),
  };
  const keySet = JSON.stringify({
    keys: [
      { ...(await exportJWK(pairs.own.publicKey)), kid: KEY_ID, alg: "ES256", use: "sig" },
      { ...(await exportJWK(pairs.rsa.publicKey)), kid: "rsa-key", alg: "RS256", use: "sig" },
    ],
  });
  return {
    issuer,
    jwks: `data:application/json;base64,${Buffer.from(keySet).toString("base64")}`,
    async mint(user, options = {}) {
      const {
        lifetime = 3600,
        algorithm = "ES256",
        keyId = algorithm === "RS256" ? "rsa-key" : KEY_ID,
      } = options;
      const now = Math.floor(Date.now() / 1000);
      const key: CryptoKey =
        algorithm === "RS256"
          ? pairs.rsa.privateKey
          : options.foreignKey
            ? pairs.foreign.privateKey
            : pairs.own.privateKey;
      return await new SignJWT({ name: user, ...options.claims })
        .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId === null ? {} : { kid: keyId }) })
        .setIssuer(options.issuer ?? issuer)
        .setAudience(options.audience ?? CUSTOM_APPLICATION)
        .setSubject(user)
        .setIssuedAt(now + Math.min(0, lifetime - 60))
        .setExpirationTime(now + lifetime)
        .sign(key);
    },
  };
}

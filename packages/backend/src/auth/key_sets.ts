import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";

/** The signature algorithms that the backend knows (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SignatureAlgorithm = "RS256" | "ES256" | "EdDSA";

/** A public key of a provider (RFC 7517). */
export interface ProviderKey {
  readonly kid: string | null;
  /** What the key says it is for; `null` when it does not. */
  readonly alg: string | null;
  /** The algorithm its type can do. */
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
  /** The same key for another thread: SubjectPublicKeyInfo (RFC 5280 §4.1) in base64. */
  readonly spki: string;
}

/** Reads a key set. Keys of types that we do not know, or that are for encryption, are left out. Throws on bad JSON. */
export function parseKeySet(text: string): ProviderKey[] {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null || !("keys" in json) || !Array.isArray(json.keys)) {
    throw new Error("it is not an object with a list of `keys`");
  }
  return json.keys.flatMap((jwk: JsonWebKey & { kid?: unknown; use?: unknown }) => {
    const algorithm = jwk.use === "enc" ? null : algorithmOf(jwk);
    if (algorithm === null) {
      return [];
    }
    const key = createPublicKey({ format: "jwk", key: jwk });
    return [
      {
        kid: typeof jwk.kid === "string" ? jwk.kid : null,
        alg: typeof jwk.alg === "string" ? jwk.alg : null,
        algorithm,
        key,
        spki: key.export({ type: "spki", format: "der" }).toString("base64"),
      },
    ];
  });
}

function algorithmOf(jwk: JsonWebKey): SignatureAlgorithm | null {
  if (jwk.kty === "RSA") {
    return "RS256";
  }
  if (jwk.kty === "EC" && jwk.crv === "P-256") {
    return "ES256";
  }
  return jwk.kty === "OKP" && jwk.crv === "Ed25519" ? "EdDSA" : null;
}

/** The media types that key sets come with. */
export function isKeySetType(contentType: string): boolean {
  const essence = contentType.split(";")[0]!.trim().toLowerCase();
  return essence === "application/json" || essence === "application/jwk-set+json";
}

import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import type { DecodedJwt } from "./jwt.ts";

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
    return [
      {
        kid: typeof jwk.kid === "string" ? jwk.kid : null,
        alg: typeof jwk.alg === "string" ? jwk.alg : null,
        algorithm,
        key: createPublicKey({ format: "jwk", key: jwk }),
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

/** Does the key's signature stand under the token? */
export function hasSignature(jwt: DecodedJwt, { algorithm, key }: ProviderKey): boolean {
  const signed = Buffer.from(jwt.signed, "ascii");
  switch (algorithm) {
    case "RS256":
      return verify("RSA-SHA256", signed, key, jwt.signature);
    case "ES256":
      return verify("SHA256", signed, { key, dsaEncoding: "ieee-p1363" }, jwt.signature);
    case "EdDSA":
      return verify(null, signed, key, jwt.signature);
    default:
      return algorithm satisfies never;
  }
}

/** The media types that key sets come with. */
export function isKeySetType(contentType: string): boolean {
  const essence = contentType.split(";")[0]!.trim().toLowerCase();
  return essence === "application/json" || essence === "application/jwk-set+json";
}

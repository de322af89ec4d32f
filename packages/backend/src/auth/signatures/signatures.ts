import { type KeyObject, verify } from "node:crypto";
import type { ProviderKey, SignatureAlgorithm } from "../key_sets.ts";

/** Verifies signatures. */
export interface Signatures {
  /** Does the key's signature stand under the (compact) token? */
  stands(token: string, key: ProviderKey): boolean | Promise<boolean>;
}

/** Each is verified at once, by the thread that asks. */
export const onThisThread: Signatures = {
  stands: (token, { algorithm, key }) => hasSignature(token, algorithm, key),
};

export function hasSignature(token: string, algorithm: SignatureAlgorithm, key: KeyObject): boolean {
  const end = token.lastIndexOf(".");
  const signed = Buffer.from(token.slice(0, end), "latin1");
  const signature = Buffer.from(token.slice(end + 1), "base64url");
  switch (algorithm) {
    case "RS256":
      return verify("RSA-SHA256", signed, key, signature);
    case "ES256":
      return verify("SHA256", signed, { key, dsaEncoding: "ieee-p1363" }, signature);
    case "EdDSA":
      return verify(null, signed, key, signature);
    default:
      return algorithm satisfies never;
  }
}

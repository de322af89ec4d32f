import { createPublicKey, type JsonWebKey } from "node:crypto";
import { messageOf } from "../../failure.ts";
import { isObject, jsonObject } from "../fetched.ts";
import { type Finding, fault, good } from "../finding.ts";

/** Is there a key among these by which tokens can be verified? `where` follows "The key set". */
export function checkKeySet(
  text: string,
  where: string,
  algorithms: readonly string[],
  needsKid: boolean,
): Finding {
  const keys = jsonObject(text)?.keys;
  if (!Array.isArray(keys)) {
    return unusable(`The key set ${where} is not a JSON object with a list of \`keys\`.`);
  }
  const fitting = keys.filter(isObject).filter((key) => isFor(key, algorithms));
  if (fitting.length === 0) {
    return unusable(`The key set ${where} has no key for ${algorithms.join(" or ")}.`);
  }
  for (const key of fitting) {
    try {
      createPublicKey({ format: "jwk", key: key as JsonWebKey });
    } catch (error) {
      return unusable(`A key of the key set ${where} cannot be read: ${messageOf(error)}.`);
    }
  }
  if (needsKid && !fitting.some(({ kid }) => typeof kid === "string")) {
    return unusable(`No key of the key set ${where} has an id (\`kid\`).`);
  }
  const count = fitting.length === 1 ? "a key" : `${fitting.length} keys`;
  return good("keys_usable", `The key set ${where} has ${count} for ${algorithms.join(" or ")}.`);
}

/** The text inside a data URL (RFC 2397). */
export function decodeDataUrl(url: string): string {
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  try {
    const plain = decodeURIComponent(data);
    return url.slice(0, comma).endsWith(";base64") ? Buffer.from(plain, "base64").toString("utf8") : plain;
  } catch {
    // Stray percent signs: as it stands it is no JSON, which is what will be told.
    return data;
  }
}

function isFor(key: Record<string, unknown>, algorithms: readonly string[]): boolean {
  if (key.use === "enc") return false;
  const algorithm =
    key.kty === "RSA"
      ? "RS256"
      : key.kty === "EC" && key.crv === "P-256"
        ? "ES256"
        : key.kty === "OKP" && key.crv === "Ed25519"
          ? "EdDSA"
          : undefined;
  const declared = key.alg ?? algorithm;
  return algorithm !== undefined && algorithms.includes(algorithm) && declared === algorithm;
}

function unusable(text: string): Finding {
  return fault("keys_unusable", text, {
    meaning: "The deployment has nothing to verify the signatures of tokens with.",
    remedy: "Make the issuer publish the public key that it signs with (Clerk's and Tandem's are RS256).",
  });
}

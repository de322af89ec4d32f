import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";

const CLOCK_SKEW_SECONDS = 5;

/** The claims of a token that this instance signed and that is still good; null for every other text. */
export async function verifyOwnToken(
  parts: Pick<Parts, "keys">,
  call: Call,
  token: string,
): Promise<Record<string, unknown> | null> {
  const claims = await readOwnToken(parts, call, token);
  if (claims === null) return null;
  const seconds = call.now / 1000;
  const isCurrent =
    typeof claims.exp === "number" &&
    claims.exp > seconds - CLOCK_SKEW_SECONDS &&
    (typeof claims.nbf !== "number" || claims.nbf <= seconds + CLOCK_SKEW_SECONDS);
  return isCurrent ? claims : null;
}

/** Likewise, whether its time is over or not. */
export async function readOwnToken(
  { keys }: Pick<Parts, "keys">,
  { instance }: Call,
  token: string,
): Promise<Record<string, unknown> | null> {
  const [head, payload, signature, ...rest] = token.split(".");
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  const header = readJson(head);
  const claims = readJson(payload);
  if (header?.alg !== "RS256" || claims === null || claims.iss !== instance.issuer) return null;
  const { keys: published } = await keys.jwks(instance.id);
  const key = published.find(({ kid }) => kid === header.kid);
  if (key === undefined) return null;
  const publicKey = createPublicKey({ key: key as JsonWebKey, format: "jwk" });
  const input = Buffer.from(`${head}.${payload}`);
  return verify("RSA-SHA256", input, publicKey, Buffer.from(signature, "base64url")) ? claims : null;
}

function readJson(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : null;
  } catch {
    // What is no JSON is no token.
    return null;
  }
}

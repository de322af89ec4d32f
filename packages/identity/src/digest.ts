import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** SHA-256, hex: how secrets that are long and random are kept and looked up. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** HMAC-SHA-256 under the instance secret, hex: for short codes, which a bare digest would give away. */
export function keyedDigest(instanceSecret: string, purpose: string, text: string): string {
  return createHmac("sha256", Buffer.from(instanceSecret, "hex")).update(`${purpose}\0${text}`).digest("hex");
}

/** Equality of two secrets' texts, in a time that does not depend on where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(one)), Buffer.from(digestOf(other)));
}

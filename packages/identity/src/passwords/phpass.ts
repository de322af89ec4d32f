import { createHash, timingSafeEqual } from "node:crypto";

/** Six bits a letter, in the order of phpass ("portable" hashes). */
const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `$P$`, a letter for the rounds (a power of two), 8 letters of salt, 22 of checksum. */
export function matchesPhpass(password: string, digest: string): boolean {
  const rounds = 2 ** Math.min(ALPHABET.indexOf(digest[3]!), 24);
  const salt = digest.slice(4, 12);
  let hash = createHash("md5").update(salt).update(password).digest();
  for (let round = 0; round < rounds; round++) {
    hash = createHash("md5").update(hash).update(password).digest();
  }
  return timingSafeEqual(Buffer.from(encode(hash)), Buffer.from(digest.slice(12)));
}

/** Least significant bits first, three bytes to four letters. */
function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const chunk = bytes.subarray(at, at + 3);
    const value = chunk[0]! | ((chunk[1] ?? 0) << 8) | ((chunk[2] ?? 0) << 16);
    for (let letter = 0; letter <= chunk.length; letter++) text += ALPHABET[(value >> (6 * letter)) & 63];
  }
  return text;
}

import { createHash } from "node:crypto";
import { COMMON_PASSWORDS } from "./common_passwords_data.ts";

/** Digits and signs that stand for letters, as people use them. */
const LETTERS: Record<string, string> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

/** What is put behind a word to satisfy a rule, at most. */
const DECORATION = /[\d\W_]{1,4}$/;
const SHORTEST_WORD = 5;

let filter: Buffer | null = null;

/**
 * Is this one of the passwords that attackers try first, or a dressed-up form of one (`P@ssw0rd!`, `monkey2024`)? The
 * list is a Bloom filter: it misses none, and takes about one other password in ten thousand for a common one.
 */
export function isCommonPassword(password: string): boolean {
  return forms(password).some(isListed);
}

function forms(password: string): string[] {
  const plain = password.normalize("NFKC").trim();
  const lower = plain.toLowerCase();
  const found = new Set([plain, lower, spelled(lower)]);
  const word = lower.replace(DECORATION, "");
  if (word.length >= SHORTEST_WORD) {
    found.add(word);
    found.add(spelled(word));
  }
  return [...found];
}

function spelled(text: string): string {
  return text.replace(/[@43!10$57]/g, (sign) => LETTERS[sign]!);
}

function isListed(text: string): boolean {
  filter ??= Buffer.from(COMMON_PASSWORDS.bits, "base64");
  for (const bit of bitsOf(text, filter.length * 8, COMMON_PASSWORDS.hashes)) {
    if ((filter[bit >> 3]! & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** The bits of a text in a Bloom filter of `size` bits (Kirsch and Mitzenmacher: two hashes make them all). */
export function bitsOf(text: string, size: number, hashes: number): number[] {
  const digest = createHash("sha256").update(text).digest();
  const first = digest.readUIntBE(0, 6);
  const second = digest.readUIntBE(6, 6);
  return Array.from({ length: hashes }, (_, at) => (first + at * second) % size);
}

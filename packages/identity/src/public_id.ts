const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 27;

/** Prefixes of public ids (F §0, B §1.1). */
export type IdPrefix =
  | "app"
  | "ins"
  | "client"
  | "dvb"
  | "sess"
  | "user"
  | "idn"
  | "sia"
  | "sua"
  | "jtmp"
  | "sit"
  | "tt"
  | "aud"
  | "act"
  | "adg"
  | "hsk"
  | "sk"
  | "msg";

/** A new public id: prefix, underscore, 27 letters and digits (160 bits) that nobody can guess. */
export function publicId(prefix: IdPrefix, random: { bytes(length: number): Uint8Array }): string {
  return `${prefix}_${randomText(LENGTH, random)}`;
}

/** `length` letters and digits, each equally likely. */
export function randomText(length: number, random: { bytes(length: number): Uint8Array }): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      // 248 is the greatest multiple of 62 below 256: what lies above would favour the first letters.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

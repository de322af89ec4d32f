const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Six bits of each ASCII character, or 255; both alphabets are accepted. Made while the module is evaluated, and a
 * plain array: our runtime shares between calls only modules whose state cannot change.
 */
const SEXTETS: readonly number[] = /* @__PURE__ */ sextetTable();

function sextetTable(): readonly number[] {
  const table = new Array<number>(128).fill(255);
  for (let i = 0; i < 64; i++) {
    table[ALPHABET.charCodeAt(i)] = i;
    table[URL_SAFE_ALPHABET.charCodeAt(i)] = i;
  }
  return table;
}

function encodeWith(alphabet: string, pad: boolean, bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = "";
  for (let i = 0; i < whole; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text +=
      alphabet[group >> 18]! +
      alphabet[(group >> 12) & 63]! +
      alphabet[(group >> 6) & 63]! +
      alphabet[group & 63]!;
  }
  const rest = bytes.length - whole;
  if (rest === 1) {
    const group = bytes[whole]!;
    text += alphabet[group >> 2]! + alphabet[(group << 4) & 63]! + (pad ? "==" : "");
  } else if (rest === 2) {
    const group = (bytes[whole]! << 8) | bytes[whole + 1]!;
    text +=
      alphabet[group >> 10]! + alphabet[(group >> 4) & 63]! + alphabet[(group << 2) & 63]! + (pad ? "=" : "");
  }
  return text;
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return encodeWith(ALPHABET, true, bytes);
}

/** URL-safe base64 without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeWith(URL_SAFE_ALPHABET, false, bytes);
}

/**
 * Decodes padded base64, standard or URL-safe. The result owns its whole `ArrayBuffer`.
 * Throws when the length is not a multiple of 4 or a character is foreign (P §4.1).
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) {
    throw new Error(`Invalid base64: its length must be a multiple of 4, but it is ${text.length}.`);
  }
  let length = text.length;
  if (length > 0 && text.charCodeAt(length - 1) === 61) length--;
  if (length > 0 && text.charCodeAt(length - 1) === 61) length--;
  const table = SEXTETS;
  const bytes = new Uint8Array((length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const sextet = code < 128 ? table[code]! : 255;
    if (sextet === 255) {
      throw new Error(`Invalid base64: unexpected character ${JSON.stringify(text[i])} at position ${i}.`);
    }
    bits = ((bits << 6) | sextet) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
  }
  return bytes;
}

/** Number of bytes that padded base64 stands for. */
export function base64ByteLength(text: string): number {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === 61) length--;
  return (length * 3) >> 2;
}

function eightBytes(text: string, what: string): DataView {
  const bytes = decodeBase64(text);
  if (bytes.length !== 8) {
    throw new Error(`${what} must have 8 bytes, but these are ${bytes.length}`);
  }
  return new DataView(bytes.buffer);
}

/** The wire form of timestamps: 8 bytes, little-endian, unsigned, base64 (`u64b64` of P). */
export function encodeU64(n: bigint): string {
  if (n < 0n || n > 0xffffffffffffffffn) {
    throw new Error(`${n} does not fit into an unsigned 64-bit integer.`);
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, n, true);
  return encodeBase64(new Uint8Array(view.buffer));
}

/** The inverse of {@link encodeU64}; throws on anything but 8 bytes of base64. */
export function decodeU64(text: string): bigint {
  return eightBytes(text, "a 64-bit timestamp").getBigUint64(0, true);
}

/** The base64 of `$integer`: 8 bytes, little-endian, two's complement (P §4.1). */
export function encodeI64(n: bigint): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, n, true);
  return encodeBase64(new Uint8Array(view.buffer));
}

/** The inverse of {@link encodeI64}. */
export function decodeI64(text: string): bigint {
  return eightBytes(text, "$integer").getBigInt64(0, true);
}

/** The base64 of `$float`: 8 bytes, little-endian IEEE 754; every NaN has the same form (P §4.1). */
export function encodeF64(n: number): string {
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isNaN(n)) {
    // Which bits a NaN carries is up to the engine; one form keeps equal values equal on the wire.
    view.setUint32(4, 0x7ff80000, true);
  } else {
    view.setFloat64(0, n, true);
  }
  return encodeBase64(new Uint8Array(view.buffer));
}

/** The inverse of {@link encodeF64}. */
export function decodeF64(text: string): number {
  return eightBytes(text, "$float").getFloat64(0, true);
}

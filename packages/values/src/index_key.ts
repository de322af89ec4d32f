import { isCommitTsPlaceholder } from "./commit_ts.ts";
import { byteStringToUtf16, utf8ToByteString } from "./utf8.ts";
import { isSimpleObject, MAX_INT64, MIN_INT64, setField, type Value } from "./value.ts";

/**
 * The key of an index entry: a byte string, that is a string in which every char code is one byte
 * (0–255), so that `<` compares as memcmp does. Two keys compare as the values they were made of
 * (P §4.5, §4.6).
 */
export type IndexKey = string;

// First bytes of P §4.6. An int64 has 08 ± the number of its width.
const UNDEFINED = "\x01";
const NULL = "\x03";
const _FLOAT64 = "\x0d";
const FALSE = "\x0e";
const TRUE = "\x0f";
const STRING = "\x10";
const BYTES = "\x11";
const ARRAY = "\x12";
const OBJECT = "\x15";
const END = "\0";

/** Text whose bytes are its char codes and need no escaping: nearly all there is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of bytes is the point.
const PLAIN = /^[\x01-\x7f]*$/;

/** A NaN has the same key whichever bits the engine gave it: sign bit of 7ff8… set. */
const NAN_KEY = "\x0d\xff\xf8\0\0\0\0\0\0";

const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** Encodes the values of an index's fields, one after the other (P §4.6). */
export function encodeIndexKey(values: readonly (Value | undefined)[]): IndexKey {
  let key = "";
  for (let i = 0; i < values.length; i++) key += encodeValue(values[i]);
  return key;
}

/** The values a key was made of. Throws when the bytes are no whole key. NaN and bytes come back equal. */
export function decodeIndexKey(key: IndexKey): (Value | undefined)[] {
  const reader = { key, at: 0 };
  const values: (Value | undefined)[] = [];
  while (reader.at < key.length) values.push(decodeValue(reader));
  return values;
}

/**
 * The smallest byte string that is greater than every string starting with `key`; null when there is
 * none (empty, or all bytes are FF).
 */
export function prefixEnd(key: IndexKey): IndexKey | null {
  for (let i = key.length - 1; i >= 0; i--) {
    const byte = key.charCodeAt(i);
    if (byte !== 0xff) return key.slice(0, i) + String.fromCharCode(byte + 1);
  }
  return null;
}

/** The bytes of a key, for storage. */
export function indexKeyToBytes(key: IndexKey): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) bytes[i] = key.charCodeAt(i);
  return bytes;
}

/** The inverse of {@link indexKeyToBytes}. */
export function indexKeyFromBytes(bytes: Uint8Array): IndexKey {
  if (bytes.length <= 4096) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let key = "";
  for (let i = 0; i < bytes.length; i += 4096) key += indexKeyFromBytes(bytes.subarray(i, i + 4096));
  return key;
}

function encodeValue(value: Value | undefined): string {
  switch (typeof value) {
    case "string":
      return PLAIN.test(value) ? STRING + value + END : STRING + escapeZeros(utf8ToByteString(value)) + END;
    case "number":
      return encodeFloat64(value);
    case "undefined":
      return UNDEFINED;
    case "boolean":
      return value ? TRUE : FALSE;
    case "bigint":
      return encodeInt64(value);
    case "object":
      break;
    default:
      throw new Error(`A ${typeof value} cannot be part of an index key.`);
  }
  if (value === null) return NULL;
  if (Array.isArray(value)) {
    let key = ARRAY;
    for (let i = 0; i < value.length; i++) key += encodeValue(value[i]);
    return key + END;
  }
  if (value instanceof ArrayBuffer)
    return BYTES + escapeZeros(indexKeyFromBytes(new Uint8Array(value))) + END;
  // Until it has a value it sorts behind every int64 that is already there (P §4.5).
  if (isCommitTsPlaceholder(value)) return encodeInt64(MAX_INT64);
  if (!isSimpleObject(value)) throw new Error("Only Convex values can be part of an index key.");
  let key = OBJECT;
  for (const name of Object.keys(value).sort()) {
    const field = value[name] as Value | undefined;
    if (field === undefined) continue;
    // An empty name would look like the end of the object.
    key += (name === "" ? "\0\xff" : escapeZeros(utf8ToByteString(name)) + END) + encodeValue(field);
  }
  return key + END;
}

/** Makes 00 free to end a string: strings with it are rare, so a search comes first. */
function escapeZeros(bytes: string): string {
  return bytes.includes("\0") ? bytes.replaceAll("\0", "\0\xff") : bytes;
}

function encodeFloat64(n: number): string {
  if (Number.isNaN(n)) return NAN_KEY;
  scratch.setFloat64(0, n);
  let high = scratch.getInt32(0);
  let low = scratch.getInt32(4);
  if (high < 0) {
    high = ~high;
    low = ~low;
  } else {
    high ^= 0x80000000;
  }
  return String.fromCharCode(
    13,
    high >>> 24,
    (high >> 16) & 255,
    (high >> 8) & 255,
    high & 255,
    low >>> 24,
    (low >> 16) & 255,
    (low >> 8) & 255,
    low & 255,
  );
}

function encodeInt64(value: bigint): string {
  if (value >= -0x80000000n && value <= 0x7fffffffn) {
    const n = Number(value);
    if (n === 0) return "\x08";
    if (n >= -0x80 && n <= 0x7f) return String.fromCharCode(n > 0 ? 9 : 7, n & 255);
    if (n >= -0x8000 && n <= 0x7fff) return String.fromCharCode(n > 0 ? 10 : 6, (n >> 8) & 255, n & 255);
    return String.fromCharCode(n > 0 ? 11 : 5, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255);
  }
  if (value < MIN_INT64 || value > MAX_INT64) {
    throw new Error(`The bigint ${value} is outside the range of an int64.`);
  }
  scratch.setBigInt64(0, value);
  let key = value > 0n ? "\x0c" : "\x04";
  for (let i = 0; i < 8; i++) key += String.fromCharCode(scratch.getUint8(i));
  return key;
}

interface Reader {
  readonly key: IndexKey;
  at: number;
}

function decodeValue(reader: Reader): Value | undefined {
  const tag = reader.key.charCodeAt(reader.at++);
  switch (tag) {
    case 0x01:
      return undefined;
    case 0x03:
      return null;
    case 0x04:
    case 0x0c:
      return decodeInt(reader, 8);
    case 0x05:
    case 0x0b:
      return decodeInt(reader, 4);
    case 0x06:
    case 0x0a:
      return decodeInt(reader, 2);
    case 0x07:
    case 0x09:
      return decodeInt(reader, 1);
    case 0x08:
      return 0n;
    case 0x0d:
      return decodeFloat64(reader);
    case 0x0e:
      return false;
    case 0x0f:
      return true;
    case 0x10:
      return byteStringToUtf16(decodeEscaped(reader));
    case 0x11:
      return indexKeyToBytes(decodeEscaped(reader)).buffer;
    case 0x12: {
      const array: Value[] = [];
      // An element may be missing only in keys that were never values, so the hole is kept as it is.
      while (!takeEnd(reader)) array.push(decodeValue(reader) as Value);
      return array;
    }
    case 0x15: {
      const object: { [key: string]: Value | undefined } = {};
      for (;;) {
        if (reader.key.charCodeAt(reader.at) === 0) {
          reader.at++;
          if (reader.key.charCodeAt(reader.at) !== 0xff) return object;
          reader.at++;
          setField(object, "", decodeValue(reader));
        } else {
          const name = byteStringToUtf16(decodeEscaped(reader));
          setField(object, name, decodeValue(reader));
        }
      }
    }
    default:
      throw broken(reader.at - 1);
  }
}

function take(reader: Reader, count: number): number {
  const start = reader.at;
  reader.at += count;
  if (reader.at > reader.key.length) throw broken(reader.key.length);
  return start;
}

function decodeInt(reader: Reader, width: number): bigint {
  const start = take(reader, width);
  let n = 0n;
  for (let i = 0; i < width; i++) n = (n << 8n) | BigInt(reader.key.charCodeAt(start + i));
  return BigInt.asIntN(width * 8, n);
}

function decodeFloat64(reader: Reader): number {
  const start = take(reader, 8);
  const negative = reader.key.charCodeAt(start) < 0x80;
  for (let i = 0; i < 8; i++) {
    const byte = reader.key.charCodeAt(start + i);
    scratch.setUint8(i, negative ? ~byte & 255 : i === 0 ? byte ^ 0x80 : byte);
  }
  return scratch.getFloat64(0);
}

function decodeEscaped(reader: Reader): string {
  let out = "";
  for (;;) {
    const end = reader.key.indexOf("\0", reader.at);
    if (end === -1) throw broken(reader.key.length);
    const piece = reader.key.slice(reader.at, end);
    if (reader.key.charCodeAt(end + 1) !== 0xff) {
      reader.at = end + 1;
      return out + piece;
    }
    out += `${piece}\0`;
    reader.at = end + 2;
  }
}

function takeEnd(reader: Reader): boolean {
  if (reader.at >= reader.key.length) throw broken(reader.at);
  if (reader.key.charCodeAt(reader.at) !== 0) return false;
  reader.at++;
  return true;
}

function broken(at: number): Error {
  return new Error(`Not an index key: unexpected byte or end at position ${at}.`);
}

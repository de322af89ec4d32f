/** Characters of an id, by their five bits (P §4.3). */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

const INTERNAL_ID_LENGTH = 16;
/** Characters of an id, by the number of bytes of its table number. */
const LENGTHS: readonly number[] = [0, 31, 32, 34, 36, 37];
const MAX_BYTES = 23;

/** The string is not the id of a document; the message says why. */
export class InvalidIdError extends Error {
  override readonly name = "InvalidIdError";
  constructor(reason: string) {
    super(`Unable to decode ID: ${reason}`);
  }
}

/**
 * The string form of a document's id (P §4.3).
 * `tableNumber` is 1 to 2^32-1, `internalId` has 16 bytes.
 */
export function encodeDocumentId(tableNumber: number, internalId: Uint8Array): string {
  if (!Number.isInteger(tableNumber) || tableNumber < 1 || tableNumber > 0xffffffff) {
    throw new InvalidIdError(
      `${tableNumber} is no table number; it must be an integer from 1 to 4294967295.`,
    );
  }
  if (internalId.length !== INTERNAL_ID_LENGTH) {
    throw new InvalidIdError(`an internal id has 16 bytes, but this one has ${internalId.length}.`);
  }
  const bytes = new Uint8Array(MAX_BYTES);
  let length = 0;
  let rest = tableNumber;
  while (rest >= 0x80) {
    bytes[length++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[length++] = rest;
  bytes.set(internalId, length);
  length += INTERNAL_ID_LENGTH;
  const checksum = fletcher16(bytes, length);
  bytes[length++] = checksum & 255;
  bytes[length++] = checksum >> 8;
  return encodeBase32(bytes, length);
}

/** Takes an id apart (P §4.3). Throws {@link InvalidIdError} when `id` is none. */
export function decodeDocumentId(id: string): { tableNumber: number; internalId: Uint8Array } {
  const bytes = new Uint8Array(MAX_BYTES);
  const outcome = decodeInto(id, bytes);
  if (typeof outcome === "string") throw new InvalidIdError(outcome);
  return {
    tableNumber: outcome.tableNumber,
    internalId: bytes.slice(outcome.start, outcome.start + INTERNAL_ID_LENGTH),
  };
}

const scratch = /* @__PURE__ */ new Uint8Array(MAX_BYTES);

/** Ids that were taken apart lately: one call asks for the number of the same id several times. */
let lately: Map<string, number> | undefined;
const MOST_LATELY = 1000;

/** The table number in an id, or null when `id` is no valid id. Checks everything that decoding checks. */
export function tableNumberOf(id: string): number | null {
  const known = lately?.get(id);
  if (known !== undefined) return known;
  const outcome = decodeInto(id, scratch);
  if (typeof outcome === "string") return null;
  lately ??= new Map();
  if (lately.size >= MOST_LATELY) lately.clear();
  lately.set(id, outcome.tableNumber);
  return outcome.tableNumber;
}

/**
 * The internal id of a new document: 14 random bytes, then the day as a big-endian 16-bit number
 * (P §4.3). `unixMs` is the time in milliseconds since 1970.
 */
export function newInternalId(randomBytes14: Uint8Array, unixMs: number): Uint8Array {
  if (randomBytes14.length !== 14) {
    throw new Error(`A new id takes 14 random bytes, but it was given ${randomBytes14.length}.`);
  }
  const day = Math.floor(unixMs / 86_400_000);
  const internalId = new Uint8Array(INTERNAL_ID_LENGTH);
  internalId.set(randomBytes14);
  internalId[14] = (day >> 8) & 255;
  internalId[15] = day & 255;
  return internalId;
}

/** Fletcher's checksum with modulus 256; the low byte is written first (P §4.3). */
function fletcher16(bytes: Uint8Array, length: number): number {
  let c0 = 0;
  let c1 = 0;
  for (let i = 0; i < length; i++) {
    c0 = (c0 + bytes[i]!) & 255;
    c1 = (c1 + c0) & 255;
  }
  return (c1 << 8) | c0;
}

function encodeBase32(bytes: Uint8Array, length: number): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (let i = 0; i < length; i++) {
    bits = ((bits << 8) | bytes[i]!) & 0xfff;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET[(bits >> held) & 31]!;
    }
  }
  return held === 0 ? text : text + ALPHABET[(bits << (5 - held)) & 31]!;
}

/** Five bits of each ASCII character, or 255. Built on first use. */
let quintets: Uint8Array | undefined;

function quintetTable(): Uint8Array {
  if (quintets !== undefined) return quintets;
  quintets = new Uint8Array(128).fill(255);
  for (let i = 0; i < 32; i++) quintets[ALPHABET.charCodeAt(i)] = i;
  return quintets;
}

/** Writes the bytes of `id` into `bytes`; answers where the internal id starts, or what is wrong. */
function decodeInto(id: string, bytes: Uint8Array): { tableNumber: number; start: number } | string {
  const vintLength = LENGTHS.indexOf(id.length);
  if (vintLength < 1) {
    return `${shown(id)} has ${id.length} characters, which is not a length an ID can have.`;
  }
  const table = quintetTable();
  let bits = 0;
  let held = 0;
  let length = 0;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    const five = code < 128 ? table[code]! : 255;
    if (five === 255) return `${shown(id)} has the character ${JSON.stringify(id[i])}, which no ID has.`;
    bits = ((bits << 5) | five) & 0x1fff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 255;
    }
  }
  if ((bits & ((1 << held) - 1)) !== 0) return `${shown(id)} does not end as an ID ends.`;
  let tableNumber = 0;
  for (let i = 0; i < vintLength; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80 !== i < vintLength - 1 || (i > 0 && byte === 0) || (i === 4 && byte > 15)) {
      return `${shown(id)} has an invalid table number.`;
    }
    tableNumber += (byte & 0x7f) * 128 ** i;
  }
  if (tableNumber === 0) return `${shown(id)} has an invalid table number (0).`;
  const footer = vintLength + INTERNAL_ID_LENGTH;
  const version = fletcher16(bytes, footer) ^ (bytes[footer]! | (bytes[footer + 1]! << 8));
  if (version !== 0) return `${shown(id)} has a wrong checksum or an unknown version.`;
  return { tableNumber, start: vintLength };
}

function shown(id: string): string {
  return JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
}

import { isCommitTsPlaceholder } from "./commit_ts.ts";
import { MAX_INT64, type Value } from "./value.ts";

/**
 * Total order of values (P §4.5): missing < null < int64 < float64 < boolean < string < bytes < array
 * < object. Strings compare by their UTF-8 bytes, floats with -0 before +0 and NaN last. Answers a
 * negative number, 0 or a positive number; 0 exactly when the index keys are equal.
 */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA < rankB ? -1 : 1;
  switch (rankA) {
    case MISSING:
    case NULL:
      return 0;
    case INT64:
      return compareOrdered(int64(a), int64(b));
    case FLOAT64:
      return compareFloats(a as number, b as number);
    case BOOLEAN:
      return Number(a) - Number(b);
    case STRING:
      return compareUTF8(a as string, b as string);
    case BYTES:
      return compareBytes(new Uint8Array(a as ArrayBuffer), new Uint8Array(b as ArrayBuffer));
    case ARRAY:
      return compareArrays(a as Value[], b as Value[]);
    default:
      return compareObjects(a as ObjectValue, b as ObjectValue);
  }
}

/** Compares two strings by their UTF-8 bytes, which is the order of their code points. */
export function compareUTF8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return scalarRank(a, i, x) - scalarRank(b, i, y);
  }
  return a.length - b.length;
}

type ObjectValue = { [key: string]: Value | undefined };

const MISSING = 0;
const NULL = 1;
const INT64 = 2;
const FLOAT64 = 3;
const BOOLEAN = 4;
const STRING = 5;
const BYTES = 6;
const ARRAY = 7;
const OBJECT = 8;

function rank(value: Value | undefined): number {
  switch (typeof value) {
    case "undefined":
      return MISSING;
    case "bigint":
      return INT64;
    case "number":
      return FLOAT64;
    case "boolean":
      return BOOLEAN;
    case "string":
      return STRING;
    default:
      if (value === null) return NULL;
      if (Array.isArray(value)) return ARRAY;
      if (value instanceof ArrayBuffer) return BYTES;
      return isCommitTsPlaceholder(value) ? INT64 : OBJECT;
  }
}

function int64(value: Value | undefined): bigint {
  return typeof value === "bigint" ? value : MAX_INT64;
}

function compareOrdered(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) {
    if (a !== 0) return 0;
    return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  }
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

function compareArrays(a: Value[], b: Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: ObjectValue, b: ObjectValue): number {
  const namesA = presentNames(a);
  const namesB = presentNames(b);
  const length = Math.min(namesA.length, namesB.length);
  for (let i = 0; i < length; i++) {
    const nameA = namesA[i]!;
    const nameB = namesB[i]!;
    if (nameA !== nameB) return nameA < nameB ? -1 : 1;
    const order = compareValues(a[nameA], b[nameB]);
    if (order !== 0) return order;
  }
  return namesA.length - namesB.length;
}

function presentNames(object: ObjectValue): string[] {
  return Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .sort();
}

/**
 * Where the code unit at `i` puts its string among code points. UTF-16 and UTF-8 order differ only in
 * that code points above U+FFFF are written with units below U+E000: pairs go behind everything else,
 * lone surrogates stay where their number is.
 */
function scalarRank(text: string, i: number, unit: number): number {
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit <= 0xdbff) {
    const next = text.charCodeAt(i + 1);
    return next >= 0xdc00 && next <= 0xdfff ? unit + 0x10000 : unit;
  }
  const previous = text.charCodeAt(i - 1);
  return previous >= 0xd800 && previous <= 0xdbff ? unit + 0x10000 : unit;
}

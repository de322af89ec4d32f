import type { Value } from "@tandem/values";

type MaybeValue = Value | undefined;

const SCALAR_RANKS: Record<string, number> = { undefined: 0, bigint: 2, number: 3, boolean: 4, string: 5 };

/**
 * The total order of values (P §4.5), as `compareValues` of @tandem/values has
 * it, in a shorter and slower form: pages load it for the few keys of an
 * optimistic insertion. A property test holds the two together.
 */
export function compareKeys(a: MaybeValue, b: MaybeValue): number {
  const rank = rankOf(a);
  if (rank !== rankOf(b)) return rank - rankOf(b);
  if (rank > 4) return compareLists(partsOf(a), partsOf(b));
  if (a! < b!) return -1;
  if (a! > b!) return 1;
  // What is left are equal values, the two zeros and NaN: -0 comes before 0, NaN after every number.
  return +Number.isNaN(a) - +Number.isNaN(b) || +Object.is(b, -0) - +Object.is(a, -0);
}

function rankOf(value: MaybeValue): number {
  if (value === null) return 1;
  return SCALAR_RANKS[typeof value] ?? (value instanceof ArrayBuffer ? 6 : Array.isArray(value) ? 7 : 8);
}

/** What a value is compared by, one after the other: code points, bytes, elements, or names and fields. */
function partsOf(value: MaybeValue): MaybeValue[] {
  if (typeof value === "string") return Array.from(value, (character) => character.codePointAt(0));
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (Array.isArray(value)) return value;
  const fields = value as { [name: string]: MaybeValue };
  return Object.keys(fields)
    .sort()
    .flatMap((name) => (fields[name] === undefined ? [] : [name, fields[name]]));
}

function compareLists(a: MaybeValue[], b: MaybeValue[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareKeys(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

import fc from "fast-check";
import type { Value } from "./value.ts";

/** Field names that values may have, odd ones included. */
export const arbitraryFieldName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "a", "b", "_id", "a b", "toString", "constructor", "__proto__"),
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  fc.stringMatching(/^[ -#%-~][ -~]{0,6}$/),
);

/** Strings from all over Unicode, dense around the places where UTF-8 and UTF-16 order differ. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: "binary-ascii", maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom("\0", "a", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}"),
    maxLength: 5,
  }),
);

const arbitraryInt64 = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc
    .tuple(fc.constantFrom(0n, 7n, 8n, 15n, 16n, 31n, 32n, 63n), fc.constantFrom(-1n, 0n, 1n), fc.boolean())
    .map(([bits, more, negative]) => BigInt.asIntN(64, (negative ? -1n : 1n) * (2n ** bits + more))),
);

const arbitraryFloat64 = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1, -1.5, 5e-324, Number.MAX_VALUE),
);

/** Any value that can be stored: for property tests of this package and of others. */
export function arbitraryValue(maxDepth = 3): fc.Arbitrary<Value> {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth, withCrossShrink: true },
      fc.constant(null),
      arbitraryInt64,
      arbitraryFloat64,
      fc.boolean(),
      arbitraryText,
      fc.uint8Array({ maxLength: 5 }).map((bytes) => bytes.slice().buffer as ArrayBuffer),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.array(fc.tuple(arbitraryFieldName, tie("value")), { maxLength: 3 }).map((fields) => {
        const object: { [key: string]: Value } = {};
        for (const [name, field] of fields) {
          Object.defineProperty(object, name, {
            value: field,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        return object;
      }),
    ),
  }));
  return value;
}

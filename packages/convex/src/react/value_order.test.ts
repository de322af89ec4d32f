import { compareValues, type Value } from "@tandem/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "./value_order.ts";

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, 0, -0, Number.NaN, 1n, true, false, "", "\uffff", "\u{10000}"),
    fc.double(),
    fc.bigInt({ min: -5n, max: 5n }),
    fc.string({ unit: "binary", maxLength: 3 }).filter((text) => text.isWellFormed()),
    fc.uint8Array({ maxLength: 3 }).map((bytes) => bytes.buffer.slice(0, bytes.length)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "ab"), tie("value"), { maxKeys: 3 }),
  ),
}));

test("items are inserted where the server would sort them", () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(compareValues(a, b)));
    }),
    { numRuns: 2000 },
  );
  expect(compareKeys(undefined, null)).toBeLessThan(0);
});

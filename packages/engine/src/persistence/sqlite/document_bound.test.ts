import { encodeIndexKey } from "@tandem/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { documentBound } from "./document_bound.ts";

const ids = fc
  .array(fc.constantFrom("\0", "\x01", "a", "b", "é", "\u{ffff}", "💾"), { maxLength: 4 })
  .map((parts) => parts.join(""));
const bounds = fc
  .array(fc.constantFrom("\0", "\x01", "\x10", "\x11", "a", "b", "\xc3", "\xa9", "\xff"), { maxLength: 5 })
  .map((parts) => parts.join(""));
const utf8 = (id: string) => Buffer.from(id).toString("latin1");

test("a bound on keys and the bound on ids made of it part all ids in the same way", () => {
  const anyBound = fc.oneof(
    bounds,
    bounds.map((bound) => `\x10${bound}`),
    ids.map((id) => encodeIndexKey([id])),
  );
  fc.assert(
    fc.property(ids, anyBound, (id, bound) => {
      expect(utf8(id) >= documentBound(bound)).toBe(encodeIndexKey([id]) >= bound);
    }),
    { numRuns: 3000 },
  );
});

test("the open end is behind every id", () => {
  fc.assert(fc.property(ids, (id) => utf8(id) < documentBound(null)));
});

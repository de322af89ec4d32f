import { type ValidatorJSON, type Value, v, validateValue } from "@tandem/values";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSuperset } from "./superset.ts";

const { validator } = fc.letrec<{ validator: ValidatorJSON }>((tie) => ({
  validator: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<ValidatorJSON>(
      { type: "null" },
      { type: "number" },
      { type: "string" },
      { type: "boolean" },
      { type: "any" },
    ),
    fc.constantFrom<ValidatorJSON>(
      { type: "literal", value: "a" },
      { type: "literal", value: 1 },
      { type: "bigint" },
    ),
    tie("validator").map((value): ValidatorJSON => ({ type: "array", value })),
    fc
      .array(tie("validator"), { minLength: 1, maxLength: 3 })
      .map((value): ValidatorJSON => ({ type: "union", value })),
    fc
      .dictionary(
        fc.constantFrom("a", "b", "c"),
        fc.record({ fieldType: tie("validator"), optional: fc.boolean() }),
      )
      .map((fields): ValidatorJSON => ({ type: "object", value: { ...fields } })),
  ),
}));

const value = fc.oneof(
  fc.constantFrom<Value>(null, 1, 2, "a", "b", true, 5n, []),
  fc.array(fc.constantFrom<Value>(1, "a", null), { maxLength: 2 }),
  fc
    .dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom<Value>(1, "a", null, 5n))
    .map((fields) => ({ ...fields })),
);

const tables = { tableNumberOf: () => null, tableNameOf: () => null };
const fits = (type: ValidatorJSON, one: Value) => validateValue(type, one, tables) === null;

describe("a validator that is wider than another", () => {
  it("accepts every value that the other accepts", () => {
    fc.assert(
      fc.property(validator, validator, value, (wide, narrow, one) => {
        if (isSuperset(wide, narrow) && fits(narrow, one)) expect(fits(wide, one)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("is known to be wider when it is the same, or has one more optional field or union member", () => {
    fc.assert(
      fc.property(validator, (same) => {
        expect(isSuperset(same, same)).toBe(true);
      }),
    );
    const before = v.object({ text: v.string(), kind: v.literal("note") }).json;
    const more = v.object({
      text: v.string(),
      kind: v.union(v.literal("note"), v.literal("task")),
      by: v.optional(v.id("users")),
    }).json;
    expect(isSuperset(more, before)).toBe(true);
    expect(isSuperset(before, more)).toBe(false);
  });
});

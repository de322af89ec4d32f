import { convexToJson, encodeU64, jsonToConvex, type Value } from "@tandem/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTimestamp, decodeValue, encodeValue } from "./wire_values.ts";

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.uint8Array().map((bytes) => bytes.buffer.slice(0, bytes.length)),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((name) => !name.startsWith("$")),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
}));

describe("values on the wire", () => {
  test("are encoded exactly as @tandem/values encodes them", () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(JSON.stringify(encodeValue(v))).toBe(JSON.stringify(convexToJson(v)));
      }),
    );
  });

  test("are decoded exactly as @tandem/values decodes them", () => {
    fc.assert(
      fc.property(value, (v) => {
        const text = JSON.stringify(convexToJson(v));
        expect(decodeValue(JSON.parse(text))).toEqual(jsonToConvex(JSON.parse(text)));
      }),
    );
  });

  test("keep a field named __proto__ a field", () => {
    const decoded = decodeValue(
      JSON.parse('{"__proto__":{"a":{"$integer":"AQAAAAAAAAA="}},"b":1}'),
    ) as object;
    expect(Object.hasOwn(decoded, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(JSON.stringify(encodeValue(JSON.parse('{"__proto__":1}')))).toBe('{"__proto__":1}');
  });

  test("name the place of what cannot be sent", () => {
    const refused = (v: unknown) => () => encodeValue(v as Value);
    expect(refused({ a: [1, undefined] })).toThrow("undefined at .a[1]");
    expect(refused({ a: { when: new Date(0) } })).toThrow(/at \.a\.when/);
    expect(refused({ a: "\ud800" })).toThrow(/surrogate pair at \.a/);
    expect(refused({ a: 2n ** 63n })).toThrow(/64 bits, at \.a/);
    expect(refused({ $integer: "x" })).toThrow(/field name \$integer/);
    expect(refused({ f: () => {} })).toThrow(/at \.f/);
    expect(refused(undefined)).toThrow("undefined is not a Convex value");
  });

  test("drop fields that are undefined", () => {
    expect(encodeValue({ a: undefined, b: 1 } as unknown as Value)).toEqual({ b: 1 });
  });

  test("compare timestamps beyond what a number holds", () => {
    expect(decodeTimestamp(encodeU64(2n ** 63n + 1n))).toBe(2n ** 63n + 1n);
  });
});

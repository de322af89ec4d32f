import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryValue } from "./arbitrary_value.ts";
import { commitTsPlaceholder } from "./commit_ts.ts";
import { encodeDocumentId } from "./document_id.ts";
import { convexToJson } from "./json.ts";
import { compileValidator, type ValidatorTables, validateValue } from "./validate.ts";
import { v } from "./validator.ts";
import type { GenericValidator } from "./validator_classes.ts";
import { parseValidatorJson, type ValidatorJSON, validatorToSource } from "./validator_json.ts";
import type { Value } from "./value.ts";

const numbers: Record<string, number> = { users: 10001, posts: 10002, _storage: 513 };
const tables: ValidatorTables = {
  tableNumberOf: (name) => numbers[name] ?? null,
  tableNameOf: (number) => Object.keys(numbers).find((name) => numbers[name] === number) ?? null,
};
const id = (table: string) => encodeDocumentId(numbers[table] ?? 20_000, new Uint8Array(16));

const check = (validator: GenericValidator, value: Value | undefined) =>
  validateValue(validator.json, value, tables);

describe("what fits", () => {
  test.each<[GenericValidator, Value]>([
    [v.null(), null],
    [v.number(), Number.NaN],
    [v.int64(), 1n],
    [v.commitTs(), commitTsPlaceholder],
    [v.commitTs(), 5n],
    [v.boolean(), false],
    [v.string(), ""],
    [v.bytes(), new ArrayBuffer(1)],
    [v.literal("a"), "a"],
    [v.literal(1n), 1n],
    [v.id("users"), id("users")],
    [v.id("_storage"), id("_storage")],
    [v.array(v.number()), [1, 2]],
    [v.record(v.string(), v.number()), { a: 1, b: undefined }],
    [v.record(v.id("users"), v.null()), { [id("users")]: null }],
    [v.object({ a: v.optional(v.string()) }), {}],
    [v.object({ a: v.optional(v.string()) }), { a: undefined, b: undefined }],
    [v.union(v.object({ a: v.string() }), v.object({ b: v.string() })), { b: "" }],
    [v.nullable(v.string()), null],
  ])("%o accepts its values", (validator, value) => {
    expect(check(validator, value)).toBeNull();
  });

  test("v.any() accepts every value", () => {
    fc.assert(fc.property(arbitraryValue(), (value) => check(v.any(), value) === null));
    expect(check(v.any(), undefined)).toContain("Value does not match validator.");
  });
});

describe("what does not fit is told in the words of R §3.1", () => {
  test("a value of another type, with its path", () => {
    expect(check(v.object({ a: v.array(v.object({ b: v.string() })) }), { a: [{ b: "x" }, { b: 1 }] })).toBe(
      "Value does not match validator.\nPath: .a[1].b\nValue: 1.0\nValidator: v.string()",
    );
    expect(check(v.string(), 1n)).toBe("Value does not match validator.\n\nValue: 1n\nValidator: v.string()");
  });

  test("a missing field", () => {
    expect(check(v.object({ name: v.string(), age: v.optional(v.number()) }), { age: 41 })).toBe(
      "Object is missing the required field `name`. Consider wrapping the field validator in `v.optional(...)` if this is expected.\n\nObject: {age: 41.0}\nValidator: v.object({age: v.optional(v.float64()), name: v.string()})",
    );
  });

  test("a field too many", () => {
    expect(check(v.object({ in: v.object({}) }), { in: { extra: "x" } })).toBe(
      'Object contains extra field `extra` that is not in the validator.\nPath: .in\nObject: {extra: "x"}\nValidator: v.object({})',
    );
  });

  test("an id of another table, of a system table, of no table", () => {
    const user = id("users");
    expect(check(v.object({ p: v.id("posts") }), { p: user })).toBe(
      `Found ID "${user}" from table \`users\`, which does not match the table name in validator \`v.id("posts")\`.\nPath: .p`,
    );
    expect(check(v.id("posts"), id("_storage"))).toBe(
      `Found ID "${id("_storage")}" from a system table, which does not match the table name in validator \`v.id("posts")\`.`,
    );
    for (const value of [id("gone"), "no id", 7]) {
      expect(check(v.id("posts"), value)).toContain("Value does not match validator.");
    }
  });

  test("another literal", () => {
    expect(check(v.literal("a"), "b")).toBe('`"b"` does not match literal validator `v.literal("a")`.');
    expect(check(v.literal(0), -0)).toContain("`-0.0` does not match literal validator");
  });

  test("keys and values of a record", () => {
    expect(check(v.record(v.id("users"), v.number()), { x: 1 })).toContain("Path: .keys()\n");
    expect(check(v.object({ r: v.record(v.string(), v.number()) }), { r: { x: "1" } })).toContain(
      "Path: .r.values()\n",
    );
  });

  test("no member of a union; one with a single member speaks for that", () => {
    expect(check(v.union(v.string(), v.null()), true)).toBe(
      "Value does not match validator.\n\nValue: true\nValidator: v.union(v.string(), v.null())",
    );
    expect(check(v.union(v.object({ a: v.string() })), {})).toContain("missing the required field `a`");
  });

  test("inherited names are not fields", () => {
    expect(check(v.object({ toString: v.any() }), {})).toContain("missing the required field `toString`");
    expect(check(v.object({}), { constructor: 1 })).toContain("extra field `constructor`");
  });

  test("wrong containers", () => {
    for (const value of [null, [], "x", new ArrayBuffer(0), commitTsPlaceholder] as Value[]) {
      expect(check(v.object({}), value)).toContain("Validator: v.object({})");
      expect(check(v.record(v.string(), v.any()), value)).toContain(
        "Validator: v.record(v.string(), v.any())",
      );
    }
    expect(check(v.array(v.any()), {})).toContain("Value: {}\nValidator: v.array(v.any())");
  });
});

test("a compiled validator keeps nothing of the values it has seen", () => {
  const compiled = compileValidator(v.object({ a: v.string() }).json);
  const fault = compiled({ a: 1 }, tables);
  expect(compiled({ a: 1 }, tables)).toBe(fault);
  expect(compiled({ a: "x" }, tables)).toBeNull();
});

describe("validators from outside", () => {
  test("are read as they were written", () => {
    const validator = v.object({
      a: v.optional(v.array(v.union(v.literal(5n), v.literal(0.5), v.id("users")))),
      b: v.record(v.union(v.string(), v.id("users")), v.bytes()),
      c: v.commitTs(),
    });
    const json = JSON.parse(JSON.stringify(validator.json));
    expect(parseValidatorJson(json)).toEqual(json);
    expect(validatorToSource(json)).toBe(
      'v.object({a: v.optional(v.array(v.union(v.literal(5n), v.literal(0.5), v.id("users")))), b: v.record(v.union(v.string(), v.id("users")), v.bytes()), c: v.commitTs()})',
    );
  });

  test("of the older form of records are understood", () => {
    expect(parseValidatorJson({ type: "record", keys: { type: "string" }, values: { type: "any" } })).toEqual(
      {
        type: "record",
        keys: { type: "string" },
        values: { fieldType: { type: "any" }, optional: false },
      },
    );
  });

  test.each<[unknown, RegExp, string]>([
    [null, /expected an object with a "type", got null/, "InvalidValidator"],
    [{ type: "map" }, /unknown type "map"/, "InvalidValidator"],
    [{ type: "id" }, /"id" needs a "tableName"/, "InvalidValidator"],
    [{ type: "object" }, /"object" needs a "value"/, "InvalidValidator"],
    [
      { type: "object", value: { a: { fieldType: { type: "nope" }, optional: false } } },
      /at \.a: unknown type "nope"/,
      "InvalidValidator",
    ],
    [
      { type: "object", value: { a: { type: "any" } } },
      /at \.a: expected \{"fieldType", "optional"\}/,
      "InvalidValidator",
    ],
    [{ type: "union" }, /"union" needs/, "InvalidValidator"],
    [{ type: "literal" }, /"literal" needs/, "InvalidValidator"],
    [{ type: "literal", value: convexToJson(Number.NaN) }, /cannot be a literal/, "InvalidValidator"],
    [{ type: "literal", value: null }, /cannot be a literal/, "InvalidValidator"],
    [
      {
        type: "record",
        keys: { type: "literal", value: "a" },
        values: { fieldType: { type: "any" }, optional: false },
      },
      /strings, ids or unions of these, but got v\.literal\("a"\)/,
      "InvalidRecordType",
    ],
    [
      { type: "record", keys: { type: "string" }, values: { fieldType: { type: "any" }, optional: true } },
      /cannot be optional/,
      "InvalidRecordType",
    ],
  ])("that are wrong are refused: %o", (json, message, code) => {
    expect(() => parseValidatorJson(json)).toThrow(message);
    expect(() => parseValidatorJson(json)).toThrow(expect.objectContaining({ code }));
  });

  test("any validator built here survives the way through JSON", () => {
    const { validator } = fc.letrec<{ validator: ValidatorJSON }>((tie) => ({
      validator: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          ...[v.null(), v.any(), v.number(), v.int64(), v.id("t"), v.literal(1n)].map((x) => x.json),
        ),
        tie("validator").map((value): ValidatorJSON => ({ type: "array", value })),
        fc
          .array(tie("validator"), { maxLength: 3 })
          .map((value): ValidatorJSON => ({ type: "union", value })),
        fc
          .dictionary(fc.string(), fc.record({ fieldType: tie("validator"), optional: fc.boolean() }))
          .map((value): ValidatorJSON => ({ type: "object", value })),
      ),
    }));
    fc.assert(
      fc.property(validator, (json) => {
        expect(parseValidatorJson(JSON.parse(JSON.stringify(json)))).toEqual(
          JSON.parse(JSON.stringify(json)),
        );
      }),
    );
  });
});

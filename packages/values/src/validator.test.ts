import * as genuine from "convex-genuine/values";
import { describe, expect, expectTypeOf, test } from "vitest";
import { asObjectValidator, isValidator, v } from "./validator.ts";
import type { GenericValidator, Infer, ObjectType, VString, VUnion } from "./validator_classes.ts";
import type { GenericId } from "./value.ts";

// The same validators from both packages: the builder is a parameter, its type each package's own.
function ours() {
  const point = v.object({ x: v.number(), y: v.optional(v.float64()) });
  return {
    id: v.id("users"),
    null: v.null(),
    number: v.number(),
    float64: v.float64(),
    bigint: v.bigint(),
    int64: v.int64(),
    boolean: v.boolean(),
    string: v.string(),
    bytes: v.bytes(),
    any: v.any(),
    text: v.literal("a"),
    integer: v.literal(5n),
    yes: v.literal(true),
    array: v.array(v.array(v.string())),
    point,
    picked: point.pick("x"),
    omitted: point.omit("x"),
    extended: point.extend({ z: v.optional(v.id("points")) }),
    partial: point.partial(),
    record: v.record(v.id("users"), point),
    union: v.union(v.string(), v.object({ kind: v.literal("k"), deep: v.array(v.null()) })),
    nullable: v.nullable(v.number()),
    empty: v.union(),
  };
}

function theirs() {
  const v = genuine.v;
  const point = v.object({ x: v.number(), y: v.optional(v.float64()) });
  return {
    id: v.id("users"),
    null: v.null(),
    number: v.number(),
    float64: v.float64(),
    bigint: v.bigint(),
    int64: v.int64(),
    boolean: v.boolean(),
    string: v.string(),
    bytes: v.bytes(),
    any: v.any(),
    text: v.literal("a"),
    integer: v.literal(5n),
    yes: v.literal(true),
    array: v.array(v.array(v.string())),
    point,
    picked: point.pick("x"),
    omitted: point.omit("x"),
    extended: point.extend({ z: v.optional(v.id("points")) }),
    partial: point.partial(),
    record: v.record(v.id("users"), point),
    union: v.union(v.string(), v.object({ kind: v.literal("k"), deep: v.array(v.null()) })),
    nullable: v.nullable(v.number()),
    empty: v.union(),
  };
}

type Ours = ReturnType<typeof ours>;
type Theirs = ReturnType<typeof theirs>;

describe("the builder", () => {
  test("makes the same JSON as the genuine one", () => {
    const a = ours();
    const b = theirs() as unknown as Record<keyof Ours, { json: unknown; kind: string; isOptional: string }>;
    for (const [name, validator] of Object.entries(a) as [keyof Ours, GenericValidator][]) {
      expect(validator.json, name).toEqual(b[name].json);
      expect(validator.kind, name).toBe(b[name].kind);
      expect(validator.optional().json, name).toEqual(b[name].json);
      expect(validator.optional().isOptional).toBe("optional");
    }
    expect(v.commitTs().json).toEqual({ type: "commitTs" });
  });

  test("infers the same types as the genuine one", () => {
    type Inferred<T> = { [K in keyof T]: T[K] extends { type: infer Type } ? Type : never };
    type Paths<T> = { [K in keyof T]: T[K] extends { fieldPaths: infer P } ? P : never };
    type Optional<T> = { [K in keyof T]: T[K] extends { isOptional: infer P } ? P : never };
    type Kinds<T> = { [K in keyof T]: T[K] extends { kind: infer P } ? P : never };
    expectTypeOf<Inferred<Ours>>().toEqualTypeOf<Inferred<Theirs>>();
    expectTypeOf<Paths<Ours>>().toEqualTypeOf<Paths<Theirs>>();
    expectTypeOf<Optional<Ours>>().toEqualTypeOf<Optional<Theirs>>();
    expectTypeOf<Kinds<Ours>>().toEqualTypeOf<Kinds<Theirs>>();
  });

  test("types what an app relies on", () => {
    const args = { author: v.id("users"), body: v.string(), tags: v.optional(v.array(v.string())) };
    expectTypeOf<ObjectType<typeof args>>().toEqualTypeOf<{
      author: GenericId<"users">;
      body: string;
      tags?: string[];
    }>();
    const shape = v.union(
      v.object({ kind: v.literal("circle"), r: v.number() }),
      v.object({ kind: v.literal("dot") }),
    );
    expectTypeOf<Infer<typeof shape>>().toEqualTypeOf<{ kind: "circle"; r: number } | { kind: "dot" }>();
    expectTypeOf(v.optional(v.string())).toEqualTypeOf<VString<string | undefined, "optional">>();
    expectTypeOf(v.nullable(v.string())).toExtend<VUnion<string | null, GenericValidator[]>>();
    const loose: GenericValidator[] = [shape, v.any(), v.optional(v.null())];
    expect(loose.every(isValidator)).toBe(true);
  });

  test("makes an object validator of plain fields and leaves a validator alone", () => {
    const object = asObjectValidator({ a: v.string() });
    expect(object.kind).toBe("object");
    expect(asObjectValidator(object)).toBe(object);
    expect(isValidator(genuine.v.string())).toBe(true);
    expect(isValidator({ kind: "string" })).toBe(false);
    expect(isValidator(undefined)).toBe(false);
  });
});

describe("a mistake in a validator is told where it is made", () => {
  const missing = undefined as never;
  test.each<[string, () => unknown, RegExp]>([
    [
      "object",
      () => v.object({ a: missing }),
      /A validator is undefined for field "a" in v\.object\(\).*import each other/,
    ],
    ["object entry", () => v.object({ a: 1 as never }), /v\.object\(\) takes validators/],
    ["array", () => v.array(missing), /A validator is undefined in v\.array\(\)/],
    ["record key", () => v.record(missing, v.any()), /for field "key" in v\.record\(\)/],
    ["record value", () => v.record(v.string(), missing), /for field "value" in v\.record\(\)/],
    [
      "optional values",
      () => v.record(v.string(), v.optional(v.any()) as never),
      /values of v\.record\(\) cannot be optional/,
    ],
    [
      "optional keys",
      () => v.record(v.optional(v.string()) as never, v.any()),
      /keys of v\.record\(\) cannot be optional/,
    ],
    ["union", () => v.union(v.string(), missing), /member at index 1/],
    ["union member", () => v.union(1 as never), /v\.union\(\) takes validators/],
    ["id", () => v.id(7 as never), /takes the name of a table/],
    ["literal", () => v.literal(null as never), /takes a string, a number/],
    ["unknown field", () => v.object({ a: v.string() }).pick("b" as never), /for field "b"/],
  ])("%s", (_what, build, message) => {
    expect(build).toThrow(message);
  });
});

import { inspect, isDeepStrictEqual } from "node:util";
import * as genuine from "convex-genuine/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryValue } from "./arbitrary_value.ts";
import { decodeU64, encodeU64 } from "./base64.ts";
import { CommitTsPlaceholder, commitTsPlaceholder } from "./commit_ts.ts";
import {
  convexOrUndefinedToJson,
  convexToJson,
  jsonToConvex,
  jsonToConvexOrUndefined,
  jsonToPatchValue,
  parsedToConvex,
  parsedToPatchValue,
  patchValueToJson,
} from "./json.ts";
import type { JSONValue, Value } from "./value.ts";

const hasProto = (json: JSONValue) => JSON.stringify(json).includes("__proto__");

describe("encoding", () => {
  test("every value comes back as it was, through JSON text", () => {
    fc.assert(
      fc.property(arbitraryValue(), (value) => {
        const text = JSON.stringify(convexToJson(value));
        expect(convexToJson(jsonToConvex(JSON.parse(text)))).toEqual(JSON.parse(text));
        expect(JSON.stringify(convexToJson(jsonToConvex(JSON.parse(text))))).toBe(text);
        expect(jsonToConvex(JSON.parse(text))).toEqual(value);
      }),
    );
  });

  test("every value has the encoding that the genuine package gives it", () => {
    fc.assert(
      fc.property(arbitraryValue(), (value) => {
        const ours = convexToJson(value);
        // The genuine encoder loses a field of this name, which JSON can hold.
        fc.pre(!hasProto(ours));
        expect(JSON.stringify(ours)).toBe(JSON.stringify(genuine.convexToJson(value as genuine.Value)));
        expect(jsonToConvex(ours)).toEqual(genuine.jsonToConvex(ours));
      }),
    );
  });

  test.each<[Value, JSONValue]>([
    [1n, { $integer: "AQAAAAAAAAA=" }],
    [-1n, { $integer: "//////////8=" }],
    [2n ** 63n - 1n, { $integer: "/////////38=" }],
    [-(2n ** 63n), { $integer: "AAAAAAAAAIA=" }],
    [-0, { $float: "AAAAAAAAAIA=" }],
    [Number.NaN, { $float: "AAAAAAAA+H8=" }],
    [Infinity, { $float: "AAAAAAAA8H8=" }],
    [-Infinity, { $float: "AAAAAAAA8P8=" }],
    [new Uint8Array([1, 2, 3]).buffer, { $bytes: "AQID" }],
    [commitTsPlaceholder, { $commitTs: null }],
    [
      { b: 1, a: [null, { c: undefined }] },
      { a: [null, {}], b: 1 },
    ],
  ])("%s is written as P §4.1 has it", (value, json) => {
    expect(JSON.stringify(convexToJson(value))).toBe(JSON.stringify(json));
  });

  test("fields are sorted, so that equal arguments have equal texts", () => {
    expect(JSON.stringify(convexToJson({ b: 1, a: 2, Z: 3 }))).toBe('{"Z":3,"a":2,"b":1}');
  });

  test("a float of payload NaN has the one text of NaN", () => {
    const negativeNaN = new DataView(new Uint8Array([255, 248, 0, 0, 0, 0, 0, 1]).buffer).getFloat64(0);
    expect(convexToJson(negativeNaN)).toEqual({ $float: "AAAAAAAA+H8=" });
  });

  test.each<[unknown, RegExp]>([
    [undefined, /^undefined cannot be a Convex value\. Values are null/],
    [{ a: [undefined] }, /undefined cannot be a Convex value \(at \.a\[0\] in \{/],
    [{ a: { b: () => 1 } }, /\[Function\].* cannot be a Convex value \(at \.a\.b in/],
    [new Date(0), /^Date "1970-01-01T00:00:00.000Z" cannot be a Convex value\.$/],
    [{ m: new Map([[1, 2]]) }, /^Map \[\[1,2\]\] cannot be a Convex value \(at \.m/],
    [new Set([1]), /^Set \[1\] cannot be a Convex value/],
    [new Uint8Array(1), /^Uint8Array .* cannot be a Convex value/],
    [2n ** 63n, /is outside the range of an int64/],
    [{ $a: 1 }, /The field name "\$a" starts with "\$"/],
    [{ é: 1 }, /has the character "é"/],
    [{ a: { "\n": 1 } }, /has the character.*at \.a\./s],
    [{ ["x".repeat(1025)]: 1 }, /has 1025 characters; at most 1024/],
    [{ a: "\ud800" }, /half of a surrogate pair.*at \.a/],
  ])("%s is refused with the place of the fault", (value, message) => {
    expect(() => convexToJson(value as Value)).toThrow(message);
  });
});

describe("decoding", () => {
  test.each<[JSONValue, RegExp]>([
    [{ a: { $integer: 1 } }, /Malformed \$integer field on \{"\$integer":1\} \(at path \.a\)/],
    [{ $integer: "AQID" }, /\$integer must have 8 bytes, but these are 3/],
    [{ $float: "AAAAAAAA8D8=" }, /1 must be a plain JSON number/],
    [[{ $bytes: "a" }], /must be a multiple of 4.*\(at path \[0\]\)/],
    [{ $bytes: "a?==" }, /unexpected character "\?" at position 1/],
    [{ $commitTs: 1 }, /Malformed \$commitTs/],
    [{ $set: [] }, /A Set is no Convex value/],
    [{ $map: [] }, /A Map is no Convex value/],
    [{ $undefined: null }, /The field name "\$undefined" starts with "\$"/],
    [{ $integer: "AQAAAAAAAAA=", b: 1 }, /The field name "\$integer" starts with "\$"/],
    ["\udc00", /half of a surrogate pair/],
  ])("%s is refused", (json, message) => {
    expect(() => jsonToConvex(json)).toThrow(message);
  });

  test("url-safe base64 is read too", () => {
    expect(new Uint8Array(jsonToConvex({ $bytes: "-_8=" }) as ArrayBuffer)).toEqual(
      new Uint8Array([251, 255]),
    );
  });

  test("a placeholder of a commit timestamp cannot be used as a number", () => {
    const placeholder = jsonToConvex({ $commitTs: null });
    expect(placeholder).toBeInstanceOf(CommitTsPlaceholder);
    expect(() => Number(placeholder)).toThrow(/gets one when the mutation commits/);
    expect(`${placeholder as CommitTsPlaceholder}`).toBe("[unresolved commit timestamp]");
    expect(convexToJson({ isCommitTsPlaceholder: true })).toEqual({ isCommitTsPlaceholder: true });
  });

  test("a field named __proto__ is a field like any other", () => {
    const value = jsonToConvex(JSON.parse('{"__proto__":{"admin":true}}')) as { admin?: unknown };
    expect(value.admin).toBeUndefined();
    expect(JSON.stringify(convexToJson(value as Value))).toBe('{"__proto__":{"admin":true}}');
  });
});

describe("undefined at the syscall boundary", () => {
  test("it survives at the top and in the fields of a patch", () => {
    expect(convexOrUndefinedToJson(undefined)).toEqual({ $undefined: null });
    expect(jsonToConvexOrUndefined({ $undefined: null })).toBeUndefined();
    expect(jsonToConvexOrUndefined({ a: 1 })).toEqual({ a: 1 });
    const patch = { keep: 1n, gone: undefined };
    expect(patchValueToJson(patch)).toEqual({
      gone: { $undefined: null },
      keep: { $integer: "AQAAAAAAAAA=" },
    });
    const back = jsonToPatchValue(patchValueToJson(patch));
    expect(back).toEqual(patch);
    expect("gone" in back).toBe(true);
  });

  test("it is no value further inside", () => {
    expect(() => jsonToPatchValue({ a: { b: { $undefined: null } } })).toThrow(/\$undefined.*\.a\.b/);
    expect(() => jsonToPatchValue([])).toThrow("A patch must be an object");
  });
});

describe("timestamps on the wire", () => {
  test("they are 8 little-endian bytes in base64", () => {
    expect(encodeU64(0n)).toBe("AAAAAAAAAAA=");
    expect(encodeU64(1719500000000000000n)).toBe("AMBIwyPk3Bc=");
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (n) => decodeU64(encodeU64(n)) === n));
    expect(() => encodeU64(-1n)).toThrow("does not fit");
    expect(() => decodeU64("AQID")).toThrow("must have 8 bytes");
  });
});

describe("decoding what was just parsed, in place", () => {
  test("gives the values that decoding gives, and refuses what it refuses, in the same words", () => {
    const outcome = (decode: (json: JSONValue) => unknown, text: string) => {
      try {
        return { value: decode(JSON.parse(text)) };
      } catch (error) {
        return { message: (error as Error).message };
      }
    };
    // By the runtime's own comparison: a field may be called "constructor", which expect takes for the object's.
    const same = (text: string) => {
      for (const [inPlace, decode] of [
        [parsedToConvex, jsonToConvex],
        [parsedToPatchValue, jsonToPatchValue],
      ] as const) {
        const found = outcome(inPlace, text);
        const wanted = outcome(decode, text);
        if (!isDeepStrictEqual(found, wanted)) {
          expect.fail(`${text} gives ${inspect(found)}, and should give ${inspect(wanted)}.`);
        }
      }
    };
    fc.assert(fc.property(arbitraryValue(), (value) => same(JSON.stringify(convexToJson(value)))));
    fc.assert(fc.property(fc.json(), same));
    for (const text of [
      '{"__proto__":{"$integer":"AQAAAAAAAAA="}}',
      '[{"a":{"__proto__":null}}]',
      '{"a":[{"$bytes":1}]}',
      '{"a":{"$other":1}}',
      '{"a":{"$undefined":null},"b":[{"$undefined":null}],"__proto__":{"$undefined":null}}',
      '["\\ud800"]',
      '{"a":{"b":"\\udc00"}}',
      '"\\ud800"',
      '{"é":1}',
    ]) {
      same(text);
    }
  });
});

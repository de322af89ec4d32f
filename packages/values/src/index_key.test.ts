import * as genuine from "convex-genuine/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryText, arbitraryValue } from "./arbitrary_value.ts";
import { commitTsPlaceholder } from "./commit_ts.ts";
import {
  decodeIndexKey,
  encodeIndexKey,
  indexKeyFromBytes,
  indexKeyToBytes,
  prefixEnd,
} from "./index_key.ts";
import { compareUTF8, compareValues } from "./order.ts";
import { utf8ByteLength } from "./utf8.ts";
import type { Value } from "./value.ts";

const hex = (key: string) => Buffer.from(indexKeyToBytes(key)).toString("hex");
const maybeMissing = fc.option(arbitraryValue(), { nil: undefined });

test.each<[Value | undefined, string]>([
  [undefined, "01"],
  [null, "03"],
  [0n, "08"],
  [1n, "0901"],
  [-1n, "07ff"],
  [127n, "097f"],
  [128n, "0a0080"],
  [-128n, "0780"],
  [-129n, "06ff7f"],
  [32768n, "0b00008000"],
  [-32769n, "05ffff7fff"],
  [2n ** 31n, "0c0000000080000000"],
  [-(2n ** 63n), "048000000000000000"],
  [1, "0dbff0000000000000"],
  [-0, "0d7fffffffffffffff"],
  [-1.5, "0d4007ffffffffffff"],
  [Number.NaN, "0dfff8000000000000"],
  [false, "0e"],
  [true, "0f"],
  ["a", "106100"],
  ["a\0b", "106100ff6200"],
  ["é😀", "10c3a9f09f988000"],
  [new Uint8Array([0, 255]).buffer, "1100ffff00"],
  [[], "1200"],
  [[null, "x"], "120310780000"],
  [{}, "1500"],
  [{ a: 1n }, "156100090100"],
  [{ "": null }, "1500ff0300"],
  [commitTsPlaceholder, "0c7fffffffffffffff"],
])("%o has the bytes of P §4.6", (value, bytes) => {
  expect(hex(encodeIndexKey([value]))).toBe(bytes);
});

describe("keys", () => {
  test("sort as their values do, whatever their types", () => {
    fc.assert(
      fc.property(
        fc.array(maybeMissing, { maxLength: 3 }),
        fc.array(maybeMissing, { maxLength: 3 }),
        (a, b) => {
          let order = 0;
          for (let i = 0; order === 0 && i < Math.min(a.length, b.length); i++)
            order = compareValues(a[i], b[i]);
          if (order === 0) order = a.length - b.length;
          const keyA = encodeIndexKey(a);
          const keyB = encodeIndexKey(b);
          expect(keyA < keyB ? -1 : keyA > keyB ? 1 : 0).toBe(Math.sign(order));
          const bytes = Math.sign(Buffer.compare(indexKeyToBytes(keyA), indexKeyToBytes(keyB)));
          expect(bytes).toBe(Math.sign(order));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("give their values back", () => {
    fc.assert(
      fc.property(fc.array(maybeMissing, { maxLength: 4 }), (values) => {
        const key = encodeIndexKey(values);
        expect(decodeIndexKey(key)).toEqual(values);
        expect(encodeIndexKey(decodeIndexKey(key))).toBe(key);
        expect(indexKeyFromBytes(indexKeyToBytes(key))).toBe(key);
      }),
    );
  });

  test("of several fields are the keys of the fields in a row", () => {
    expect(encodeIndexKey(["a", 1n])).toBe(encodeIndexKey(["a"]) + encodeIndexKey([1n]));
  });

  test("longer than one call's arguments survive as bytes", () => {
    const key = encodeIndexKey(["x".repeat(300_000)]);
    expect(indexKeyFromBytes(indexKeyToBytes(key))).toBe(key);
  });

  test("cut off or made up are refused", () => {
    for (const bad of ["\x02", "\x10abc", "\x12", "\x15a\0", "\x0d12", "\x0c", "\x15"]) {
      expect(() => decodeIndexKey(bad), JSON.stringify(bad)).toThrow();
    }
  });

  test("a field named __proto__ survives", () => {
    const [back] = decodeIndexKey(encodeIndexKey([JSON.parse('{"__proto__":1}')]));
    expect(Object.hasOwn(back as object, "__proto__")).toBe(true);
  });
});

describe("the end of a prefix", () => {
  test("is above all keys with the prefix and at most every other greater one", () => {
    const bytes = fc.string({ unit: fc.constantFrom("\0", "\x01", "\x7f", "\xfe", "\xff"), maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, (prefix, other) => {
        const end = prefixEnd(prefix);
        if (end === null) {
          expect(/^\xff*$/.test(prefix)).toBe(true);
          return;
        }
        expect(prefix + other < end).toBe(true);
        if (other > prefix && !other.startsWith(prefix)) expect(other >= end).toBe(true);
      }),
    );
  });

  test("carries over bytes of FF", () => {
    expect(prefixEnd("a\xff\xff")).toBe("b");
    expect(prefixEnd("")).toBeNull();
    expect(prefixEnd("\xff")).toBeNull();
  });
});

describe("the order of values", () => {
  test("is the one of the genuine package", () => {
    fc.assert(
      fc.property(maybeMissing, maybeMissing, (a, b) => {
        fc.pre(!JSON.stringify([a, b], (_k, x) => (typeof x === "bigint" ? "" : x)).includes("__proto__"));
        const theirs = genuine.compareValues(a as genuine.Value, b as genuine.Value);
        expect(Math.sign(compareValues(a, b))).toBe(Math.sign(theirs));
      }),
      { numRuns: 2000 },
    );
  });

  test("of strings is the one of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(arbitraryText, arbitraryText, (a, b) => {
        expect(Math.sign(compareUTF8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(utf8ByteLength(a)).toBe(Buffer.byteLength(a));
      }),
      { numRuns: 1000 },
    );
    expect(compareUTF8("\uffff", "😀")).toBeLessThan(0);
  });

  test("goes through the types, and through floats by their sign and size", () => {
    const sorted: (Value | undefined)[] = [
      undefined,
      null,
      -(2n ** 63n),
      0n,
      2n ** 63n - 1n,
      -Infinity,
      -1,
      -0,
      0,
      1,
      Infinity,
      Number.NaN,
      false,
      true,
      "",
      "a",
      new ArrayBuffer(0),
      [],
      [null],
      {},
      { a: 1 },
      { a: 1, b: undefined, c: 1 },
    ];
    for (let i = 0; i < sorted.length; i++) {
      for (let j = 0; j < sorted.length; j++) {
        expect(Math.sign(compareValues(sorted[i], sorted[j]))).toBe(Math.sign(i - j));
      }
    }
  });
});

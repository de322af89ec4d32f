import * as genuine from "convex-genuine/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryValue } from "./arbitrary_value.ts";
import { documentSize, nesting, valueSize } from "./size.ts";
import type { Value } from "./value.ts";

test("a value counts as many bytes as in the genuine package", () => {
  fc.assert(
    fc.property(arbitraryValue(), (value) => {
      expect(valueSize(value)).toBe(genuine.getConvexSize(value as genuine.Value));
    }),
  );
  expect(valueSize(undefined)).toBe(0);
  expect(valueSize({ a: "é", b: undefined })).toBe(2 + (1 + 1 + 4));
});

test("a document counts its system fields, those still to come included", () => {
  for (const document of [{}, { _id: "x" }, { _creationTime: 1 }, { _id: "x", _creationTime: 1, a: 1n }]) {
    expect(documentSize(document as { [key: string]: Value })).toBe(
      genuine.getDocumentSize(document as Record<string, genuine.Value>),
    );
  }
  expect(documentSize({}, { customIdLength: 37 })).toBe(2 + 43 + 23);
});

test("nesting counts containers: scalars 0, an empty array 1", () => {
  expect(nesting(1)).toBe(0);
  expect(nesting([])).toBe(1);
  expect(nesting({ a: [{}] })).toBe(3);
  expect(nesting(new ArrayBuffer(1))).toBe(0);
});

test("what is no value has no size", () => {
  expect(() => valueSize(new Date(0) as unknown as Value)).toThrow("cannot be a Convex value");
});

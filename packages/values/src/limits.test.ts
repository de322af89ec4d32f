import { expect, test } from "vitest";
import { documentLimitFault, valueLimitFault } from "./limits.ts";
import type { Value } from "./value.ts";

function nested(levels: number): Value {
  let value: Value = null;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

test("values up to the limits are allowed, and beyond them told by their codes", () => {
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 1]));
  expect(valueLimitFault(new Array(8192).fill(1))).toBeNull();
  expect(valueLimitFault({ a: new Array(8193).fill(1) })?.code).toBe("ArrayTooLong");
  expect(valueLimitFault(fields(1024))).toBeNull();
  expect(valueLimitFault(fields(1025))?.code).toBe("TooManyFieldsError");
  expect(valueLimitFault(nested(64))).toBeNull();
  expect(valueLimitFault(nested(65))?.code).toBe("TooNestedError");
  expect(valueLimitFault(nested(100_000))?.code).toBe("TooNestedError");
  expect(valueLimitFault(new ArrayBuffer(32 * 1024 * 1024 - 2))).toBeNull();
  expect(valueLimitFault(new ArrayBuffer(32 * 1024 * 1024 - 1))?.code).toBe("ValueTooLargeError");
});

test("documents have limits of their own", () => {
  expect(documentLimitFault({ a: nested(15) })).toBeNull();
  expect(documentLimitFault({ a: nested(16) })?.code).toBe("InvalidDocumentError");
  expect(documentLimitFault({ a: "x".repeat(1024 * 1024 - 6) })).toBeNull();
  expect(documentLimitFault({ a: "x".repeat(1024 * 1024 - 5) })?.code).toBe("ValueTooLargeError");
});

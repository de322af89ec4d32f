import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { sha1 } from "./sha1.ts";
import { cookieSuffix } from "./suffix.ts";

test("the hash is SHA-1 for texts of every length", () => {
  expect(Buffer.from(sha1("abc")).toString("hex")).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
  for (let length = 0; length < 200; length++) {
    const text = "x".repeat(length);
    expect(Buffer.from(sha1(text)).toString("hex")).toBe(createHash("sha1").update(text).digest("hex"));
  }
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(Buffer.from(sha1(text)).toString("hex")).toBe(createHash("sha1").update(text).digest("hex"));
    }),
  );
});

test("the suffix is eight characters that a cookie's name may have, and the same on every server", async () => {
  const key = "pk_test_MTI3LjAuMC4xOjQxMDczJA==";
  expect(await cookieSuffix(key)).toBe(createHash("sha1").update(key).digest("base64url").slice(0, 8));
  expect(await cookieSuffix(key)).toBe("DS0nj3i8");
});

test("a page without HTTPS has the same suffix", async () => {
  vi.stubGlobal("crypto", {});
  expect(await cookieSuffix("pk_test_MTI3LjAuMC4xOjQxMDczJA==")).toBe("DS0nj3i8");
  vi.unstubAllGlobals();
});

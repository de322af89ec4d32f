import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultSettings, type Instance } from "../instances/index.ts";
import {
  mergeMetadata,
  metadataText,
  normalEmailAddress,
  normalName,
  normalUsername,
} from "./account_fields.ts";

const settings = defaultSettings("development");
const withUsernames = {
  settings: { ...settings, username: { ...settings.username, enabled: true } },
} as Instance;

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { faults: { code: string }[] }).faults[0]!.code;
  }
}

test.each([" Ada@Example.COM ", "a+b.c@sub.example.co", "ada+clerk_test@example.com", "jürgen@müller.de"])(
  "%s is an address, kept in lower case",
  (text) => {
    expect(normalEmailAddress(text)).toBe(text.trim().toLowerCase());
  },
);

test.each([
  "",
  "ada",
  "ada@",
  "@example.com",
  "ada@example",
  "a b@example.com",
  "a@b@example.com",
  "a..b@example.com",
  "Ada <ada@example.com>",
  "ada@example.com\nBcc:x",
  "ada@-example.com",
  `${"a".repeat(65)}@example.com`,
])("%j is no address", (text) => {
  expect(codeOf(() => normalEmailAddress(text))).toBe("form_param_format_invalid");
});

describe("usernames", () => {
  test("are kept as written, and looked up without regard to case", () => {
    expect(normalUsername(withUsernames, " Ada_1815 ")).toEqual({
      username: "Ada_1815",
      usernameKey: "ada_1815",
    });
  });

  test.each([
    ["abc", "form_username_invalid_length"],
    ["x".repeat(65), "form_username_invalid_length"],
    ["ada lovelace", "form_username_invalid_character"],
    ["аdаm", "form_username_invalid_character"],
    ["123456", "form_username_needs_non_number_char"],
  ])("%s: %s", (text, code) => {
    expect(codeOf(() => normalUsername(withUsernames, text))).toBe(code);
  });

  test("an instance without them knows none", () => {
    expect(codeOf(() => normalUsername({ settings } as Instance, "ada_1815"))).toBe("form_param_unknown");
  });
});

test("names lose what is no character, and empty ones are none", () => {
  expect(normalName(" Ada\r\n", "first_name")).toBe("Ada");
  expect(normalName("  ", "first_name")).toBeNull();
  expect(codeOf(() => normalName("x".repeat(257), "last_name"))).toBe("form_param_max_length_exceeded");
});

test("metadata is merged at any depth; null removes", () => {
  expect(mergeMetadata({ a: 1, b: { c: 2, d: 3 } }, { b: { c: null, e: [1] }, f: null })).toEqual({
    a: 1,
    b: { d: 3, e: [1] },
  });
  expect(mergeMetadata({ a: 1 }, JSON.parse('{"__proto__":{"admin":true}}'))).not.toHaveProperty("admin");
  expect(codeOf(() => metadataText({ a: "x".repeat(9000) }, "public_metadata"))).toBe(
    "form_param_exceeds_allowed_size",
  );
});

test("what was merged once is merged: a second time changes nothing", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (target, patch) => {
        const once = mergeMetadata(target, patch);
        expect(JSON.stringify(mergeMetadata(once, patch))).toBe(JSON.stringify(once));
      },
    ),
  );
});

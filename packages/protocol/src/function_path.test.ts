import { describe, expect, test } from "vitest";
import {
  canonicalFunctionPath,
  canonicalizeUdfPath,
  displayFunctionPath,
  parseFunctionPath,
  parseModulePath,
} from "./function_path.ts";

test.each([
  ["a/b:fn", "a/b.js:fn", "a/b:fn"],
  ["a/b.js:fn", "a/b.js:fn", "a/b:fn"],
  ["a/b", "a/b.js:default", "a/b"],
  ["messages:default", "messages.js:default", "messages"],
  ["auth.config:x", "auth.config.js:x", "auth.config:x"],
  ["_system/cli/modules:apiSpec", "_system/cli/modules.js:apiSpec", "_system/cli/modules:apiSpec"],
])("%s means one function, however it is written", (text, canonical, display) => {
  const path = parseFunctionPath(text);
  expect(canonicalFunctionPath(path)).toBe(canonical);
  expect(displayFunctionPath(path)).toBe(display);
  expect(parseFunctionPath(canonical)).toEqual(path);
});

describe("what is no path is refused with the reason", () => {
  test.each<[string, RegExp]>([
    ["", /empty/],
    ["a//b:fn", /empty/],
    ["a:b:c", /more than one ":"/],
    ["a-b:fn", /"a-b" may only contain/],
    ["../secret:fn", /"\.\." must have at least one letter or digit/],
    ["a/__:fn", /at least one letter or digit/],
    [`${"x".repeat(65)}:fn`, /longer than 64/],
    ["a:", /name of its function is empty/],
    ["a:9", /is no identifier/],
    ["a:__", /only underscores/],
    [`a:${"f".repeat(65)}`, /longer than 64/],
    ["a.ts:fn", /has the extension "\.ts", but only "\.js" is allowed/],
  ])("%s", (text, reason) => {
    expect(() => parseFunctionPath(text)).toThrow(reason);
    expect(() => parseFunctionPath(text)).toThrow(
      expect.objectContaining({ code: "BadConvexFunctionIdentifier", httpStatus: 400 }),
    );
  });
});

test("modules are found with and without their extension", () => {
  expect(parseModulePath("lib/util")).toBe("lib/util.js");
  expect(parseModulePath("lib/util.js")).toBe("lib/util.js");
});

test("clients name queries without extension and with the export", () => {
  expect(canonicalizeUdfPath("a/b.js:fn")).toBe("a/b:fn");
  expect(canonicalizeUdfPath("a/b")).toBe("a/b:default");
});

import { randomBytes } from "node:crypto";
import { Seal } from "@tandem/engine";
import { describe, expect, it } from "vitest";
import { applyChanges } from "./rules.ts";

const limits = { environmentVariables: 3, environmentValue: 10 };
const none = new Map<string, string>();

describe("a change of environment variables", () => {
  it("sets, replaces and removes, and keeps the names in order", () => {
    const before = new Map([["B", "1"]]);
    const after = applyChanges(
      before,
      [
        { name: "A", value: "2" },
        { name: "B", value: null },
      ],
      {},
      limits,
    );
    expect([...after]).toEqual([["A", "2"]]);
    expect([...before]).toEqual([["B", "1"]]);
  });

  it.each([
    ["1A", "x", "EnvironmentVariableNameInvalid"],
    ["A-B", "x", "EnvironmentVariableNameInvalid"],
    ["A".repeat(257), "x", "EnvironmentVariableNameTooLong"],
    [`${"A".repeat(257)}!`, "x", "EnvironmentVariableNameTooLong"],
    ["A", "x".repeat(11), "EnvironmentVariableValueTooLarge"],
    ["CONVEX_CLOUD_URL", "x", "EnvVarNameForbidden"],
  ])("is refused for %s", (name, value, code) => {
    const system = { CONVEX_CLOUD_URL: "http://x" };
    expect(() => applyChanges(none, [{ name, value }], system, limits)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it("is refused when a name comes twice, or there would be too many", () => {
    const twice = [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ];
    expect(() => applyChanges(none, twice, {}, limits)).toThrow(
      expect.objectContaining({ code: "EnvVarNameNotUnique" }),
    );
    const many = ["A", "B", "C", "D"].map((name) => ({ name, value: "1" }));
    expect(() => applyChanges(none, many, {}, limits)).toThrow(
      expect.objectContaining({ code: "EnvVarLimitMet" }),
    );
  });
});

describe("a sealed secret", () => {
  const seal = new Seal("ab".repeat(32), (length) => randomBytes(length));

  it("opens where it belongs, and looks different each time", () => {
    const sealed = seal.seal("hunter2", "environment variable A");
    expect(seal.open(sealed, "environment variable A")).toBe("hunter2");
    expect(sealed).not.toContain("hunter2");
    expect(seal.seal("hunter2", "environment variable A")).not.toBe(sealed);
  });

  it("opens nowhere else, under no other key, and not when changed", () => {
    const sealed = seal.seal("hunter2", "environment variable A");
    expect(() => seal.open(sealed, "environment variable B")).toThrow("cannot be opened");
    expect(() => new Seal("cd".repeat(32), randomBytes).open(sealed, "environment variable A")).toThrow(
      "cannot be opened",
    );
    expect(() => seal.open(`${sealed.slice(0, -6)}AAAA==`, "environment variable A")).toThrow();
    expect(() => seal.open("plain", "environment variable A")).toThrow("is damaged");
  });
});

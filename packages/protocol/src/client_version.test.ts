import { describe, expect, test } from "vitest";
import {
  clientVersionOf,
  compareSemVer,
  defaultsToEncodedFormat,
  parseClientHeader,
  parseSemVer,
  supportsTransitionChunks,
  versionSupport,
} from "./client_version.ts";

describe("who is calling", () => {
  test.each([
    ["npm-1.48.0", "npm", "1.48.0"],
    ["npm-cli-1.2.3", "npm-cli", "1.2.3"],
    ["python-convex-0.6.0", "python", "0.6.0"],
    ["npm-1.49.0-alpha.1", "npm", "1.49.0-alpha.1"],
    ["my-own-client-2.0.0", "my-own-client", "2.0.0"],
  ])("%s is understood", (header, client, version) => {
    const found = parseClientHeader(header);
    expect(found.client).toBe(client);
    expect(found.version).toEqual(parseSemVer(version));
  });

  test("a tail that is no version is an unknown version", () => {
    expect(parseClientHeader("npm-next")).toMatchObject({ client: "npm", version: null });
  });

  test("a header without a dash is refused", () => {
    expect(() => parseClientHeader("npm")).toThrow(expect.objectContaining({ code: "InvalidClientVersion" }));
  });

  test("the header goes before the path, and neither is fine too", () => {
    expect(clientVersionOf("rust-0.9.0", "1.48.0").client).toBe("rust");
    expect(clientVersionOf(null, "1.48.0")).toMatchObject({ client: "npm", text: "npm-1.48.0" });
    expect(clientVersionOf(null, null).client).toBe("unknown");
    expect(() => clientVersionOf(null, "latest")).toThrow(
      expect.objectContaining({ code: "InvalidVersion" }),
    );
  });
});

test("versions sort as semver does", () => {
  const sorted = [
    "0.19.1",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
  ];
  for (let i = 0; i < sorted.length; i++) {
    for (let j = 0; j < sorted.length; j++) {
      expect(Math.sign(compareSemVer(parseSemVer(sorted[i]!)!, parseSemVer(sorted[j]!)!))).toBe(
        Math.sign(i - j),
      );
    }
  }
  expect(parseSemVer("1.2")).toBeNull();
  expect(parseSemVer("01.2.3")).toBeNull();
});

test.each([
  ["npm-0.19.1", "Unsupported"],
  ["npm-0.19.2", "Supported"],
  ["npm-next", "Unsupported"],
  ["python-convex-0.0.2", "Unsupported"],
  ["python-convex-0.2.0", "UpgradeRequired"],
  ["python-convex-0.2.1", "Supported"],
  ["rust-0.0.1", "Unsupported"],
  ["swift-0.0.1", "Supported"],
  ["constructor-1.0.0", "Supported"],
])("%s is %s", (header, state) => {
  expect(versionSupport(parseClientHeader(header)).state).toBe(state);
});

test("chunks go only to npm clients from 1.28.0", () => {
  for (const [header, expected] of [
    ["npm-1.28.0", true],
    ["npm-1.27.9", false],
    ["npm-cli-1.48.0", false],
    ["rust-1.48.0", false],
    ["npm-x", false],
  ] as const) {
    expect(supportsTransitionChunks(parseClientHeader(header)), header).toBe(expected);
  }
});

test("only old clients get encoded values without asking", () => {
  for (const [header, expected] of [
    ["npm-1.4.0", true],
    ["npm-1.4.1", false],
    ["python-convex-0.4.9", true],
    ["python-convex-0.5.0", false],
    ["dashboard-0.0.1", false],
  ] as const) {
    expect(defaultsToEncodedFormat(parseClientHeader(header)), header).toBe(expected);
  }
});

import { describe, expect, test } from "vitest";
import { createFixtureProject } from "../testing/fixture_project.ts";
import { isLocalIssuer, issuerVariables } from "./issuer_variable.ts";
import { hostOfPublishableKey, isReplaceableKey } from "./publishable_key.ts";

const keyOf = (host: string) => `pk_test_${Buffer.from(`${host}$`).toString("base64")}`;

describe("the issuer's variable", () => {
  test("is the one that auth.config.ts reads", () => {
    using project = createFixtureProject({
      "convex/auth.config.ts":
        "export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN! }] };",
    });
    expect(issuerVariables(`${project.root}/convex`)).toEqual(["CLERK_JWT_ISSUER_DOMAIN"]);
  });

  test("is none without auth.config.ts, or when the address stands there", () => {
    using project = createFixtureProject({ "convex/empty.ts": "" });
    expect(issuerVariables(`${project.root}/convex`)).toEqual([]);
    project.write(
      "convex/auth.config.ts",
      'export default { providers: [{ domain: "https://a.example" }] };',
    );
    expect(issuerVariables(`${project.root}/convex`)).toEqual([]);
  });

  test.each([
    ["http://127.0.0.1:3212", true],
    ["http://localhost:3212", true],
    ["https://verb-noun-00.clerk.accounts.dev", false],
    ["https://127.0.0.1.example.com", false],
    ["not an address", false],
  ])("of %s is brought up to date by the local server: %s", (address, expected) => {
    expect(isLocalIssuer(address)).toBe(expected);
  });
});

describe("the publishable key of an environment file", () => {
  test.each([
    ["YOUR_PUBLISHABLE_KEY", true],
    ["pk_test_...", true],
    [keyOf("127.0.0.1:3212"), true],
    [keyOf("127.0.0.1.example.com"), false],
    [keyOf("verb-noun-00.clerk.accounts.dev"), false],
    ["pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", false],
  ])("%s is replaced by the local server's: %s", (key, expected) => {
    expect(isReplaceableKey(key)).toBe(expected);
  });

  test("names its host", () => {
    expect(hostOfPublishableKey("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k")).toBe("clerk.example.com");
  });
});

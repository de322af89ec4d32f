import { describe, expect, test } from "vitest";
import { parsePublishableKey } from "./publishable_key.ts";

const keyOf = (type: string, decoded: string) => `pk_${type}_${btoa(decoded)}`;

describe("a publishable key", () => {
  test("names the Frontend API's host, with its port", () => {
    expect(parsePublishableKey(keyOf("test", "127.0.0.1:3212$"))).toEqual({
      instanceType: "development",
      frontendApi: "127.0.0.1:3212",
    });
    expect(parsePublishableKey(keyOf("live", "clerk.example.com$"))).toEqual({
      instanceType: "production",
      frontendApi: "clerk.example.com",
    });
  });

  test("is read without the padding of its base64 too", () => {
    const key = keyOf("test", "127.0.0.1:41073$");
    expect(key).toMatch(/=$/);
    expect(parsePublishableKey(key.replace(/=+$/, "")).frontendApi).toBe("127.0.0.1:41073");
  });

  test("that is missing is asked for", () => {
    expect(() => parsePublishableKey(undefined)).toThrow("The publishableKey is missing");
    expect(() => parsePublishableKey("")).toThrow("VITE_CLERK_PUBLISHABLE_KEY");
  });

  test("that is a secret key is refused without being repeated", () => {
    const secret = "sk_test_abcdefghijklmnop";
    const refused = () => parsePublishableKey(secret);
    expect(refused).toThrow("must never reach a browser");
    expect(refused).not.toThrow(secret);
  });

  test.each([
    ["pk_test", "it must be pk_test_ or pk_live_"],
    ["pk_stage_MTI3", "it must be pk_test_ or pk_live_"],
    ["pk_test_MTI3_LjA", "it must be pk_test_ or pk_live_"],
    ["pk_test_ä", "is not base64"],
    [keyOf("test", "clerk.example.com"), "must end with one $"],
    [keyOf("test", "clerk.example.com$$"), "must end with one $"],
    [keyOf("test", "localhost:3212$"), "is not the full name of a host"],
  ])("that reads %s is refused: %s", (key, why) => {
    expect(() => parsePublishableKey(key)).toThrow(why);
  });
});

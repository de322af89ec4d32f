import { expect, test } from "vitest";
import { defaultSettings } from "../instances/index.ts";
import { changedSettings, settingsJson } from "./instance_settings.ts";

const settings = defaultSettings("development");

test("every setting that there is can be read and sent back", () => {
  expect(changedSettings(settings, settingsJson(settings))).toEqual(settings);
  for (const [name, value] of Object.entries(settingsJson(settings))) {
    expect(() => changedSettings(settings, { [name]: value })).not.toThrow();
  }
});

test("part of a group leaves the rest of it", () => {
  const { username } = changedSettings(settings, { username: { enabled: true } });
  expect(username).toEqual({ ...settings.username, enabled: true });
});

test("claims are one value: what is not sent is gone", () => {
  const before = { ...settings, sessionClaims: { a: 1, aud: "convex" } };
  expect(changedSettings(before, { session_claims: { b: { c_d: 2 } } }).sessionClaims).toEqual({
    b: { c_d: 2 },
  });
});

test("prototype: odd keys change nothing but are refused", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    expect(() => changedSettings(settings, JSON.parse(`{"${name}":{"enabled":true}}`))).toThrow(
      /form_param_unknown/,
    );
  }
  expect(({} as { enabled?: boolean }).enabled).toBeUndefined();
});

test("what Clerk's clients send as null stays as it is, and a strategy that is empty is the usual one again", () => {
  const names = ["test_mode", "hibp", "preferred_sign_in_strategy_when_password_required"];
  const strategy = "preferred_sign_in_strategy_when_password_required";
  const before = changedSettings(settings, { hibp: false, test_mode: true, [strategy]: "otp" });
  expect(changedSettings(before, Object.fromEntries(names.map((name) => [name, null])))).toEqual(before);
  expect(changedSettings(before, { [strategy]: "" }).preferredSignInStrategy).toBe("password");
});

test("browser extensions and native apps have origins of their own kind", () => {
  const origins = ["chrome-extension://abcdefgh", "capacitor://localhost", "my-app://renderer"];
  expect(changedSettings(settings, { allowed_origins: origins }).allowedOrigins).toEqual(origins);
  for (const none of [
    "null",
    "chrome-extension://*",
    "chrome-extension://abc/page.html",
    "my-app:renderer",
    "my-app://",
    "https://app.example.com/",
    "HTTPS://app.example.com",
    "https://jane@app.example.com",
  ]) {
    expect(() => changedSettings(settings, { allowed_origins: [none] }), none).toThrow(
      /form_param_value_invalid/,
    );
  }
});

test("what cannot be together is refused", () => {
  expect(() => changedSettings(settings, { email_address: { enabled: false } })).toThrow(
    /Nobody could sign in/,
  );
  for (const none of [
    { password: { enabled: false }, email_address: { code_sign_in: false } },
    { password: { enabled: false }, email_address: { enabled: false }, username: { enabled: true } },
  ]) {
    expect(() => changedSettings(settings, none)).toThrow(/Nobody could sign in/);
  }
  expect(() => changedSettings(settings, { username: { min_length: 20, max_length: 10 } })).toThrow(
    /least length/,
  );
  expect(() => changedSettings(settings, { password_policy: { min_length: 100 } })).toThrow(/least length/);
});

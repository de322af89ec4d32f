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

test("what cannot be together is refused", () => {
  expect(() => changedSettings(settings, { email_address: { enabled: false } })).toThrow(
    /Nobody could sign in/,
  );
  expect(() => changedSettings(settings, { username: { min_length: 20, max_length: 10 } })).toThrow(
    /least length/,
  );
  expect(() => changedSettings(settings, { password_policy: { min_length: 100 } })).toThrow(/least length/);
});

import { expect, test } from "vitest";
import {
  ClerkAPIResponseError,
  ClerkOfflineError,
  ClerkRuntimeError,
  isClerkAPIResponseError,
  isClerkRuntimeError,
  isKnownError,
  isReverificationCancelledError,
} from "./errors.ts";

test("errors are told apart by what raised them", () => {
  const refused = new ClerkAPIResponseError("no", { status: 422, errors: [{ code: "x", message: "no" }] });
  const offline = new ClerkOfflineError("away");
  expect(
    [refused, offline, new Error("x"), null, "x", { clerkError: true }].map(isClerkAPIResponseError),
  ).toEqual([true, false, false, false, false, false]);
  expect([refused, offline, new Error("x"), null].map(isClerkRuntimeError)).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect([refused, offline, new Error("x")].map(isKnownError)).toEqual([true, true, false]);
  expect(
    isReverificationCancelledError(new ClerkRuntimeError("x", { code: "reverification_cancelled" })),
  ).toBe(true);
  expect(isReverificationCancelledError(offline)).toBe(false);
});

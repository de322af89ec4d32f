import { type ClerkAPIError, ClerkAPIResponseError, ClerkRuntimeError } from "@tandem/clerk-js";
import { expect, test, vi } from "vitest";
import { textsOf } from "../localization.ts";
import { formErrors, retryText } from "./error_text.ts";

const english = textsOf(undefined);

function refused(errors: ClerkAPIError[], status = 422, retryAfter?: number): ClerkAPIResponseError {
  return new ClerkAPIResponseError("refused", {
    errors,
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

test("an error goes to its field; one about a field that is not there concerns the form", () => {
  const errors = [
    { code: "a", message: "about the address", meta: { paramName: "email_address" } },
    { code: "b", message: "about the phone", meta: { paramName: "phone_number" } },
    { code: "c", message: "about nothing" },
  ];
  expect(formErrors(refused(errors), ["emailAddress"], english)).toEqual({
    fields: { emailAddress: "about the address" },
    form: "about the phone about nothing",
    retryAfter: undefined,
  });
});

test("several errors of one field are all said", () => {
  const errors = [
    { code: "form_password_no_number", message: "A digit.", meta: { paramName: "password" } },
    { code: "form_password_no_uppercase", message: "A capital.", meta: { paramName: "password" } },
  ];
  expect(formErrors(refused(errors), ["password"], english).fields.password).toBe("A digit. A capital.");
});

test("an app's words win: those for code and field, then those for the code, then the server's longer ones", () => {
  const texts = textsOf({ unstable__errors: { x__name: "code and field", y: "code" } });
  const text = (code: string, longMessage?: string): string | undefined =>
    formErrors(
      refused([
        { code, message: "short", ...(longMessage ? { longMessage } : {}), meta: { paramName: "name" } },
      ]),
      ["name"],
      texts,
    ).fields.name;
  expect([text("x", "long"), text("y", "long"), text("z", "long"), text("z")]).toEqual([
    "code and field",
    "code",
    "long",
    "short",
  ]);
});

test("advice on a weak password is passed on", () => {
  const suggestions = [{ code: "anotherWord", message: "Add another word." }];
  const errors = [
    {
      code: "form_password_not_strong_enough",
      message: "Too weak.",
      meta: { paramName: "password", zxcvbn: { suggestions } },
    },
  ];
  expect(formErrors(refused(errors), ["password"], english).fields.password).toBe(
    "Too weak. Add another word.",
  );
});

test("too many attempts and a lock have a time to wait, other errors have none", () => {
  const errors = [{ code: "too_many_requests", message: "Too many." }];
  expect(formErrors(refused(errors, 429, 7), [], english).retryAfter).toBe(7);
  expect(formErrors(refused(errors, 503, 7), [], english).retryAfter).toBeUndefined();
  const lock = [{ code: "user_locked", message: "Locked." }];
  expect(formErrors(refused(lock, 403, 7), [], english).retryAfter).toBe(7);
});

test("a short time to wait is told in seconds, a long one in minutes", () => {
  expect([7, 90, 91, 3600].map((seconds) => retryText(seconds, english))).toEqual([
    "Please try again in 7 s.",
    "Please try again in 90 s.",
    "Please try again in 2 minutes.",
    "Please try again in 60 minutes.",
  ]);
});

test("a refusal without a word, such as a proxy's error page, is said all the same", () => {
  expect(formErrors(refused([], 502), ["email"], english).form).toBe(english.unstable__errors.unexpected);
});

test("a server out of reach is said in plain words", () => {
  const error = new ClerkRuntimeError("fetch failed", { code: "network_error" });
  expect(formErrors(error, [], english).form).toBe(english.unstable__errors.network_error);
});

test("an error of the client that people cannot know is reported, and not shown", () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const error = new ClerkRuntimeError("Await clerk.load() first.", { code: "clerk_not_loaded" });
  expect(formErrors(error, [], english).form).toBe(english.unstable__errors.unexpected);
  expect(report).toHaveBeenCalledWith(error);
  vi.unstubAllGlobals();
});

test("a defect is reported to the page, and its message is not shown to people", () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const defect = new TypeError("x is undefined");
  expect(formErrors(defect, [], english).form).toBe(english.unstable__errors.unexpected);
  expect(report).toHaveBeenCalledWith(defect);
  vi.unstubAllGlobals();
});

import { type ClerkAPIError, ClerkAPIResponseError, ClerkRuntimeError } from "@tandem/clerk-js";
import { expect, test, vi } from "vitest";
import { textsOf } from "../localization.ts";
import { formErrors } from "./error_text.ts";

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

test("only too many attempts have a time to wait", () => {
  const errors = [{ code: "too_many_requests", message: "Too many." }];
  expect(formErrors(refused(errors, 429, 7), [], english).retryAfter).toBe(7);
  expect(formErrors(refused(errors, 503, 7), [], english).retryAfter).toBeUndefined();
});

test("a server out of reach is said in plain words", () => {
  const error = new ClerkRuntimeError("fetch failed", { code: "network_error" });
  expect(formErrors(error, [], english).form).toBe(english.unstable__errors.network_error);
});

test("a defect is reported to the page, and its message is not shown to people", () => {
  const report = vi.fn();
  vi.stubGlobal("reportError", report);
  const defect = new TypeError("x is undefined");
  expect(formErrors(defect, [], english).form).toBe(english.unstable__errors.unexpected);
  expect(report).toHaveBeenCalledWith(defect);
  vi.unstubAllGlobals();
});

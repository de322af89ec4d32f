import { expect, test } from "vitest";
import { EmailLinkErrorCode, isEmailLinkError, isMetamaskError } from "./errors.ts";

test("the error of a link in an e-mail is told from others, and says why", () => {
  const error = Object.assign(new Error("too late"), { name: "EmailLinkError", code: "expired" });
  expect(isEmailLinkError(error) && error.code === EmailLinkErrorCode.Expired).toBe(true);
  for (const other of [new Error("expired"), "expired", null]) expect(isEmailLinkError(other)).toBe(false);
});

test("a wallet's error is told from others by its code", () => {
  expect(isMetamaskError({ code: 4001, message: "The user rejected the request." })).toBe(true);
  for (const other of [{ code: 4001 }, { code: 4900, message: "disconnected" }, new Error("4001"), null]) {
    expect(isMetamaskError(other)).toBe(false);
  }
});

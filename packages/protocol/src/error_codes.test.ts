import { expect, test } from "vitest";
import {
  ApiError,
  ERROR_KINDS,
  type ErrorKind,
  httpErrorOf,
  isApiError,
  socketEndOf,
} from "./error_codes.ts";

test.each<[ErrorKind, number, string | null, number | null]>([
  ["BadRequest", 400, "FatalError", null],
  ["PaginationLimit", 400, "FatalError", 1000],
  ["Unauthenticated", 401, "AuthErrorOnIdentity", null],
  ["AuthUpdateFailed", 401, "AuthErrorOnUpdate", null],
  ["Forbidden", 403, "FatalError", 1000],
  ["NotFound", 404, null, 1000],
  ["Conflict", 409, "FatalError", null],
  ["ClientDisconnect", 408, null, 1000],
  ["RateLimited", 429, null, 1013],
  ["OperationalInternalServerError", 500, null, 1011],
  ["OCC", 503, null, 1013],
  ["Overloaded", 503, null, 1013],
])("%s answers %i over HTTP and ends a socket as P §1.8 says", (kind, status, finalMessage, closeCode) => {
  const error = new ApiError(kind, "SomeCode", "Some text.");
  expect(error.httpStatus).toBe(status);
  expect(socketEndOf(error)).toMatchObject({ finalMessage, closeCode });
});

test("only the caller's own errors are deterministic", () => {
  const deterministic = Object.entries(ERROR_KINDS).filter(([, rule]) => rule.deterministic);
  expect(deterministic.map(([kind]) => kind).sort()).toEqual([
    "AuthUpdateFailed",
    "BadRequest",
    "Conflict",
    "Forbidden",
    "PaginationLimit",
    "Unauthenticated",
  ]);
});

test("an error nobody foresaw shows nothing of itself", () => {
  const bug = new TypeError("secret is not a function");
  expect(isApiError(bug)).toBe(false);
  expect(httpErrorOf(bug)).toEqual({
    status: 500,
    body: { code: "InternalServerError", message: "Your request couldn't be completed. Try again later." },
  });
  expect(socketEndOf(bug)).toEqual({
    finalMessage: null,
    closeCode: 1011,
    closeReason: "InternalServerError",
  });
  expect(socketEndOf(undefined).closeCode).toBe(1011);
});

test("an error with a code keeps it, as body and as close reason", () => {
  const error = new ApiError("Overloaded", "TooManyConcurrentMutations", "Slow down.");
  expect(httpErrorOf(error)).toEqual({
    status: 503,
    body: { code: "TooManyConcurrentMutations", message: "Slow down." },
  });
  expect(socketEndOf(error).closeReason).toBe("TooManyConcurrentMutations");
  expect(socketEndOf(new ApiError("ClientDisconnect", "x", "y")).closeReason).toBe("ClientDisconnected");
  expect(socketEndOf(new ApiError("Overloaded", "x".repeat(200), "y")).closeReason).toHaveLength(123);
});

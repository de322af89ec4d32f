import * as genuine from "convex-genuine/values";
import { expect, test } from "vitest";
import { ConvexError, isConvexError } from "./convex_error.ts";

test.each(["plain text", { code: 7, n: 12n }, null, ["a".repeat(20_000)]])(
  "a ConvexError says its data as the genuine one does",
  (data) => {
    const ours = new ConvexError(data);
    const theirs = new genuine.ConvexError(data as genuine.Value);
    expect(ours.message).toBe(theirs.message);
    expect(ours.name).toBe("ConvexError");
    expect(ours.data).toBe(data);
    expect(ours).toBeInstanceOf(Error);
  },
);

test("it is known by its mark, whichever package made it", () => {
  expect(Symbol.for("ConvexError") in new ConvexError(1)).toBe(true);
  expect(isConvexError(new genuine.ConvexError(1))).toBe(true);
  expect(isConvexError(new Error("x"))).toBe(false);
});

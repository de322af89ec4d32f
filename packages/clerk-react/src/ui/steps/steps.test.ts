import { expect, test } from "vitest";
import { parseHash } from "./hash_steps.ts";
import { stepBelow } from "./path_steps.ts";

test("a step in the hash, with its parameters", () => {
  const { step, params } = parseHash("#/factor-one?redirect_url=%2Fnotes");
  expect(step).toBe("factor-one");
  expect(params.get("redirect_url")).toBe("/notes");
});

test.each(["", "#", "#/", "#section", "#/?redirect_url=x"])("%s is the first step", (hash) => {
  expect(parseHash(hash).step).toBe("");
});

test("a step in the path, below where the component is", () => {
  expect(stepBelow("/sign-in", "/sign-in/factor-one")).toBe("factor-one");
  expect(stepBelow("/sign-in", "/sign-in/create/continue/")).toBe("create/continue");
  expect(stepBelow("/", "/factor-one")).toBe("factor-one");
});

test.each(["/sign-in", "/sign-in/", "/sign-inside", "/other/factor-one"])(
  "%s is the first step",
  (pathname) => {
    expect(stepBelow("/sign-in", pathname)).toBe("");
  },
);

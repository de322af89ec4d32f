import { expect, test } from "vitest";
import { backOff } from "./write_side.ts";

const chance = (byte: number) => ({ bytes: () => new Uint8Array([byte]) });

test("who keeps losing waits longer each time, up to two seconds, never all at the same moment", () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((n) => backOff(n, chance(255)))).toEqual([
    100, 200, 400, 800, 1600, 2000, 2000,
  ]);
  expect(backOff(1, chance(0))).toBe(50);
});

import { describe, expect, test } from "vitest";
import { certainDifference, readClock } from "./clock_reading.ts";

const noon = Date.parse("2026-01-01T12:00:00Z");
const dated = (time: number, more: Record<string, string> = {}) =>
  new Headers({ date: new Date(time).toUTCString(), ...more });

describe("a clock that is read from an answer", () => {
  test("is known to the second and to the time that the request took", () => {
    expect(readClock(dated(noon), noon, noon + 200)).toEqual({ least: -200, most: 1000 });
  });

  test("is not the date at which a cache on the way got the answer", () => {
    expect(readClock(dated(noon - 3600_000, { age: "3600" }), noon, noon)).toEqual({ least: 0, most: 1000 });
  });

  test("is unknown without a date", () => {
    expect(readClock(new Headers(), noon, noon)).toBeUndefined();
    expect(readClock(new Headers({ date: "yesterday" }), noon, noon)).toBeUndefined();
  });
});

describe("the difference of two clocks", () => {
  test("is none as long as they may agree", () => {
    expect(certainDifference({ least: -9000, most: 1000 })).toBe(0);
    expect(certainDifference({ least: 0, most: 1000 }, { least: 900, most: 5000 })).toBe(0);
  });

  test("is what it is at the least, in either direction", () => {
    expect(certainDifference({ least: 6000, most: 8000 })).toBe(6000);
    expect(certainDifference({ least: -8000, most: -6000 }, { least: 0, most: 1000 })).toBe(6000);
  });
});

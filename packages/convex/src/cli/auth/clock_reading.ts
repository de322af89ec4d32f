/**
 * How many milliseconds another clock is ahead of this machine's. A `Date` header has whole seconds and was written
 * at an unknown moment of the request, so that all that is known is a range.
 */
export interface ClockReading {
  readonly least: number;
  readonly most: number;
}

/** Reads the clock of whoever answered a request that took from `sent` to `received` (milliseconds since 1970). */
export function readClock(headers: Headers, sent: number, received: number): ClockReading | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return undefined;
  // A cache on the way hands out the date of the day before together with its age.
  const written = date + (Number(headers.get("age")) || 0) * 1000;
  return { least: written - received, most: written + 1000 - sent };
}

/** By how many milliseconds two clocks differ at the least. */
export function certainDifference(one: ClockReading, other: ClockReading = { least: 0, most: 0 }): number {
  return Math.max(0, one.least - other.most, other.least - one.most);
}

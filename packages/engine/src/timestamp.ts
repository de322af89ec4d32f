/**
 * A point in the database's history: microseconds since the Unix epoch, as a safe integer.
 *
 * Commits carry strictly increasing timestamps. The wire speaks nanoseconds (P §1, "Conventions"); microseconds
 * fit a JavaScript number until the year 2255, so the hot paths need no bigint.
 */
export type Timestamp = number;

/** Before every commit. */
export const BEGINNING: Timestamp = 0;

/** Nanoseconds, as the wire has them. */
export function toWireNanoseconds(ts: Timestamp): bigint {
  return BigInt(ts) * 1000n;
}

/** Rounds up, so that a state at the answer holds everything that a state at `ns` holds. */
export function fromWireNanoseconds(ns: bigint): Timestamp {
  return Number((ns + 999n) / 1000n);
}

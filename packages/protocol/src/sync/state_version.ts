import { decodeU64, encodeU64 } from "@tandem/values";

/** A commit's timestamp: nanoseconds since 1970, 0 to 2^63-1 (P, conventions). */
export type Ts = bigint;

/** What a socket's client has been told of: its query set, its identity, the database (P §1.4). */
export interface StateVersion {
  querySet: number;
  identity: number;
  ts: Ts;
}

/** {@link StateVersion} as it travels: `ts` is 8 little-endian bytes in base64. */
export interface WireStateVersion {
  querySet: number;
  identity: number;
  ts: string;
}

/** Where every new socket starts (P §1.4). */
export const INITIAL_VERSION: Readonly<StateVersion> = { querySet: 0, identity: 0, ts: 0n };

/** A timestamp as it travels: `u64b64` of P. */
export function encodeTs(ts: Ts): string {
  return encodeU64(ts);
}

/** The inverse of {@link encodeTs}; throws on anything else. */
export function decodeTs(wire: string): Ts {
  return decodeU64(wire);
}

/** Negative, 0 or positive as `a` is before, at or after `b`. */
export function compareTs(a: Ts, b: Ts): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two versions agree in every component, as a Transition's start must (P §1.4). */
export function sameVersion(a: StateVersion, b: StateVersion): boolean {
  return a.querySet === b.querySet && a.identity === b.identity && a.ts === b.ts;
}

export function encodeVersion(version: StateVersion): WireStateVersion {
  return { querySet: version.querySet, identity: version.identity, ts: encodeTs(version.ts) };
}

export function decodeVersion(wire: WireStateVersion): StateVersion {
  return { querySet: wire.querySet, identity: wire.identity, ts: decodeTs(wire.ts) };
}

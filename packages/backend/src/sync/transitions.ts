import { type Timestamp, toWireNanoseconds } from "@tandem/engine";
import { encodeTs } from "@tandem/protocol";
import type { QueryResult } from "../live/query_result.ts";

/** How far a socket's client has been brought (P §1.4). */
export interface SessionVersion {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: Timestamp;
}

export const INITIAL_SESSION_VERSION: SessionVersion = { querySet: 0, identity: 0, ts: 0 };

export type Modification =
  | { readonly kind: "removed"; readonly queryId: number }
  | { readonly kind: "result"; readonly queryId: number; readonly result: QueryResult };

interface Encoded {
  readonly start: SessionVersion;
  readonly end: SessionVersion;
  readonly modifications: readonly Modification[];
  readonly clockSkew: number | null;
  readonly text: string;
}

/**
 * Writes transitions. Clients in step with each other, watching the same query, get the very same string: the
 * last one is kept and handed out again.
 */
export class TransitionEncoder {
  #last: Encoded | null = null;
  #lastTs: { ts: Timestamp; wire: string } = { ts: -1, wire: "" };

  /**
   * `modifications` come sorted by query id. `clockSkew` is the client's clock minus ours at Connect, in
   * milliseconds; `now` our clock in milliseconds.
   */
  encode(
    start: SessionVersion,
    end: SessionVersion,
    modifications: readonly Modification[],
    clockSkew: number | null,
    now: number,
  ): string {
    const last = this.#last;
    if (last !== null && isSame(last, start, end, modifications, clockSkew)) {
      return last.text;
    }
    const parts = modifications.map((modification) =>
      modification.kind === "removed"
        ? `{"type":"QueryRemoved","queryId":${modification.queryId}}`
        : `{"type":"${modification.result.kind}","queryId":${modification.queryId}${modification.result.tail}`,
    );
    const text =
      `{"type":"Transition","startVersion":${this.#version(start)},"endVersion":${this.#version(end)}` +
      `,"modifications":[${parts.join(",")}],"clientClockSkew":${clockSkew},"serverTs":${now * 1e6}}`;
    this.#last = modifications.length === 0 ? this.#last : { start, end, modifications, clockSkew, text };
    return text;
  }

  /** A timestamp as the wire has it, in base64 of 8 bytes. */
  timestamp(ts: Timestamp): string {
    if (this.#lastTs.ts !== ts) {
      this.#lastTs = { ts, wire: encodeTs(toWireNanoseconds(ts)) };
    }
    return this.#lastTs.wire;
  }

  #version(version: SessionVersion): string {
    const ts = version.ts === 0 ? "AAAAAAAAAAA=" : this.timestamp(version.ts);
    return `{"querySet":${version.querySet},"identity":${version.identity},"ts":"${ts}"}`;
  }
}

function isSame(
  last: Encoded,
  start: SessionVersion,
  end: SessionVersion,
  modifications: readonly Modification[],
  clockSkew: number | null,
): boolean {
  return (
    modifications.length > 0 &&
    last.modifications.length === modifications.length &&
    last.clockSkew === clockSkew &&
    sameVersion(last.start, start) &&
    sameVersion(last.end, end) &&
    last.modifications.every((kept, i) => sameModification(kept, modifications[i]!))
  );
}

function sameVersion(a: SessionVersion, b: SessionVersion): boolean {
  return a.ts === b.ts && a.querySet === b.querySet && a.identity === b.identity;
}

function sameModification(a: Modification, b: Modification): boolean {
  return (
    a.queryId === b.queryId &&
    a.kind === b.kind &&
    (a.kind === "removed" || a.result === (b as Extract<Modification, { kind: "result" }>).result)
  );
}

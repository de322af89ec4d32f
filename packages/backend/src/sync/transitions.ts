import type { Timestamp } from "@tandem/engine";
import type { QueryResult } from "../live/query_result.ts";
import { wireTimestamp } from "./wire_timestamp.ts";

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
  #lastVersion: SessionVersion = INITIAL_SESSION_VERSION;
  #lastVersionText = versionText(INITIAL_SESSION_VERSION);

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
    let parts = "";
    for (const modification of modifications) {
      const comma = parts === "" ? "" : ",";
      parts +=
        modification.kind === "removed"
          ? `${comma}{"type":"QueryRemoved","queryId":${modification.queryId}}`
          : `${comma}{"type":"${modification.result.kind}","queryId":${modification.queryId}${modification.result.tail}`;
    }
    const text =
      `{"type":"Transition","startVersion":${versionText(start)},"endVersion":${this.#endText(end)}` +
      `,"modifications":[${parts}],"clientClockSkew":${clockSkew},"serverTs":${now * 1e6}}`;
    if (modifications.length > 0) {
      this.#last = { start, end, modifications, clockSkew, text };
    }
    return text;
  }

  /** Clients are brought to the same newest timestamp, often at the same versions. */
  #endText(end: SessionVersion): string {
    if (!sameVersion(this.#lastVersion, end)) {
      this.#lastVersion = end;
      this.#lastVersionText = versionText(end);
    }
    return this.#lastVersionText;
  }
}

function versionText(version: SessionVersion): string {
  return `{"querySet":${version.querySet},"identity":${version.identity},"ts":"${wireTimestamp(version.ts)}"}`;
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

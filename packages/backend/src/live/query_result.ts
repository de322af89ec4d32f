import type { Timestamp } from "@tandem/engine";
import type { QueryRun } from "../execute/outcome.ts";
import { formatLogLines } from "../logs/lines.ts";

/** One run's outcome, encoded once for every client that watches the query. */
export interface QueryResult {
  /** The snapshot it was computed at. */
  readonly at: Timestamp;
  readonly run: QueryRun;
  /**
   * The query's `StateModification` (P §1.4) cut where the client's own query id goes: everything after
   * `"queryId":<id>`.
   */
  readonly kind: "QueryUpdated" | "QueryFailed";
  readonly tail: string;
  /** Equal for results between which a client could not tell: value and log lines, request ids left out. */
  readonly fingerprint: string;
}

export function encodeResult(at: Timestamp, run: QueryRun): QueryResult {
  const logLines = run.logs.length === 0 ? "[]" : JSON.stringify(formatLogLines(run.logs));
  const journal = run.journal === null ? "null" : JSON.stringify(run.journal);
  if (run.result.kind === "value") {
    const tail = `,"value":${run.result.value},"logLines":${logLines},"journal":${journal}}`;
    return { at, run, kind: "QueryUpdated", tail, fingerprint: tail };
  }
  const data = run.result.data === undefined ? "" : `,"errorData":${run.result.data}`;
  const message = JSON.stringify(run.result.clientMessage);
  return {
    at,
    run,
    kind: "QueryFailed",
    tail: `,"errorMessage":${message},"logLines":${logLines},"journal":${journal}${data}}`,
    fingerprint: `${run.result.message}\n${data}\n${logLines}`,
  };
}

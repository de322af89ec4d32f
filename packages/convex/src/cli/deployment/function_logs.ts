import type { LogEntry, StreamLogsResponse } from "@tandem/protocol";
import { messageOf } from "../failure.ts";
import { type DeploymentHttp, HttpFailure, pause } from "./http.ts";

/** Which entries to yield. */
export interface StreamOptions {
  /** How many of the entries from before the call; 0 by default. */
  readonly history?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told when entries cannot be fetched for a while. */
  readonly onTrouble?: ((text: string) => void) | undefined;
}

const troubleAfter = 3;

/**
 * Log entries of a deployment as they appear, by long polling. Goes on through lost connections until the
 * signal aborts; throws only when the key is refused.
 */
export async function* streamFunctionLogs(
  http: DeploymentHttp,
  options: StreamOptions = {},
): AsyncGenerator<readonly LogEntry[]> {
  const { history = 0, signal } = options;
  let cursor = 0;
  let first = true;
  let failures = 0;
  while (!signal?.aborted) {
    try {
      const answer = (await http.json(`/api/stream_function_logs?cursor=${cursor}`, {
        retries: 0,
        ...(signal === undefined ? {} : { signal }),
      })) as StreamLogsResponse;
      failures = 0;
      cursor = answer.newCursor;
      // The first answer holds what was logged before the call.
      const entries = first
        ? answer.entries.slice(Math.max(0, answer.entries.length - history))
        : answer.entries;
      first = false;
      if (entries.length > 0) yield entries;
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof HttpFailure && (error.status === 401 || error.status === 403)) throw error;
      failures++;
      if (failures === troubleAfter)
        options.onTrouble?.(`Logs cannot be fetched: ${messageOf(error)} Still trying ...`);
      await pause(Math.min(200 * 2 ** failures, 10_000), signal);
    }
  }
}

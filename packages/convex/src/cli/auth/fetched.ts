import { reasonOf } from "../deployment/http.ts";
import { type ClockReading, readClock } from "./clock_reading.ts";

/** What the checks take from network and clock. */
export interface Reach {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What came of a request. */
export type Fetched =
  | {
      readonly type: "answer";
      readonly status: number;
      /** Media type in lower case, without parameters. */
      readonly contentType: string;
      readonly text: string;
      readonly clock: ClockReading | undefined;
    }
  | { readonly type: "unreachable"; readonly reason: string };

const timeoutMs = 10_000;

/** Sends one request and reads the answer, whatever its status. */
export async function fetchText(reach: Reach, url: string, init: RequestInit = {}): Promise<Fetched> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const sent = reach.now();
    const response = await reach.fetch(url, { ...init, signal: AbortSignal.any([reach.signal, timeout]) });
    const clock = readClock(response.headers, sent, reach.now());
    const contentType = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
    return {
      type: "answer",
      status: response.status,
      contentType: contentType.trim().toLowerCase(),
      text: await response.text(),
      clock,
    };
  } catch (error) {
    if (reach.signal.aborted) throw error;
    const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
    return { type: "unreachable", reason };
  }
}

/** The JSON object of a text, or undefined for anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // What it is instead is for the caller to say.
    return undefined;
  }
}

/** Is this an object with fields? */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

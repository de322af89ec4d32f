import { refuseUntil } from "../errors/index.ts";
import type { Limits } from "../limits.ts";
import type { Seams } from "../seams.ts";

/**
 * What is counted:
 * - `create`: sign-ins and sign-ups begun, by address;
 * - `attempt`: passwords and codes tried, by address;
 * - `handshake`: pages sent to learn who is signed in, by address;
 * - `backend`: requests of a secret key.
 */
export type RateKind = "create" | "attempt" | "handshake" | "backend";

const WINDOW = 10_000;

/** Keys remembered of each kind. Beyond it the oldest is forgotten: memory is bounded whoever calls. */
const MOST_KEYS = 50_000;

interface Window {
  readonly start: number;
  count: number;
  /** Of the window before. */
  readonly before: number;
}

/**
 * Requests by kind and key in a sliding window of 10 s. It only ever refuses the request at hand: a session does not
 * end by it.
 */
export class Rates {
  readonly #clock: Seams["clock"];
  readonly #limits: Readonly<Record<RateKind, number>>;
  readonly #windows: Readonly<Record<RateKind, Map<string, Window>>> = {
    create: new Map(),
    attempt: new Map(),
    handshake: new Map(),
    backend: new Map(),
  };

  constructor(limits: Limits, clock: Seams["clock"]) {
    this.#clock = clock;
    this.#limits = {
      create: limits.createsPerWindow,
      attempt: limits.attemptsPerWindow,
      handshake: limits.handshakesPerWindow,
      backend: limits.backendRequestsPerWindow,
    };
  }

  /** Counts one. Throws `too_many_requests` with `Retry-After` when it is one too many; that one does not count. */
  take(kind: RateKind, key: string): void {
    const now = this.#clock.now();
    const start = now - (now % WINDOW);
    const windows = this.#windows[kind];
    const window = current(windows.get(key), start);
    const limit = this.#limits[kind];
    // The window before counts by how much of it lies within the last 10 s.
    const weight = 1 - (now - start) / WINDOW;
    if (window.count + Math.ceil(window.before * weight) >= limit) {
      // Until the requests that count from the window before the next request's leave room for it.
      const wait =
        window.count >= limit
          ? WINDOW * (2 - (limit - 1) / window.count)
          : WINDOW * (1 - (limit - window.count - 1) / window.before);
      throw refuseUntil("too_many_requests", (wait - (now - start)) / 1000);
    }
    window.count++;
    // Set anew, so that the order of the map is that of the last use.
    windows.delete(key);
    windows.set(key, window);
    if (windows.size > MOST_KEYS) windows.delete(windows.keys().next().value!);
  }
}

function current(window: Window | undefined, start: number): Window {
  if (window === undefined || start - window.start > WINDOW) return { start, count: 0, before: 0 };
  return window.start === start ? window : { start, count: 0, before: window.count };
}

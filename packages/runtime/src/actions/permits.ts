import type { Timers } from "@tandem/engine";
import { LaneError } from "../lanes/lane.ts";

interface Waiting {
  readonly grant: () => void;
  readonly timer: unknown;
}

/** So many actions at once; the others wait in line, for a while (R §2.5). */
export class Permits {
  readonly #limit: number;
  readonly #patience: number;
  readonly #timers: Timers;
  readonly #line: Waiting[] = [];
  #taken = 0;

  /** `patience` in milliseconds. */
  constructor(limit: number, patience: number, timers: Timers) {
    this.#limit = limit;
    this.#patience = patience;
    this.#timers = timers;
  }

  /** @throws LaneError `TooManyConcurrentRequests` when no permit came free in time */
  take(): Promise<void> {
    if (this.#taken < this.#limit) {
      this.#taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const timer = this.#timers.setTimeout(() => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(
          new LaneError(
            "TooManyConcurrentRequests",
            `Too many concurrent requests. Your backend is limited to ${this.#limit} concurrent actions. Run fewer actions at the same time, or raise the limit.`,
          ),
        );
      }, this.#patience);
      const waiting: Waiting = { grant: resolve, timer };
      this.#line.push(waiting);
    });
  }

  give(): void {
    const next = this.#line.shift();
    if (next === undefined) {
      this.#taken -= 1;
      return;
    }
    this.#timers.clearTimeout(next.timer);
    next.grant();
  }
}

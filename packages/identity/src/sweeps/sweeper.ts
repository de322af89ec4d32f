import type { Parts } from "../parts.ts";
import { type Sweep, sweeps } from "./sweeps.ts";

/** Rows of one transaction: small, so that nobody's sign-in waits for a sweep. */
const BATCH = 100;

/** Ends and removes, now and then, what time has ended. */
export class Sweeper {
  readonly #parts: Parts;
  readonly #sweeps: readonly Sweep[];
  #timer: unknown = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#sweeps = sweeps(parts);
  }

  start(): void {
    const { seams, limits, report } = this.#parts;
    this.#timer = seams.timers.setTimeout(() => {
      this.#running = this.sweep()
        .catch(report)
        .then(() => {
          if (!this.#closed) this.start();
        });
    }, limits.sweepInterval);
  }

  /** Sweeps once, until nothing is due. */
  async sweep(): Promise<void> {
    const { store, seams } = this.#parts;
    for (const sweep of this.#sweeps) {
      for (;;) {
        const now = seams.clock.now();
        // Looked at outside of a transaction first: mostly there is nothing to do.
        const due = await sweep.due(store.read(), now, BATCH);
        if (due.length === 0 || this.#closed) break;
        await store.transact(`sweep ${sweep.name}`, (tx) => sweep.run(tx, now, BATCH));
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#parts.seams.timers.clearTimeout(this.#timer);
    await this.#running;
  }
}

import type { Store } from "../persistence/persistence.ts";
import { BEGINNING, type Timestamp } from "../timestamp.ts";
import type { Dropped } from "./dropped.ts";

export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface RetentionConfig {
  /** For how long snapshots stay readable, in microseconds. A query may run for 15 s, and be retried. */
  readonly keep: number;
  /** Pause between two rounds of pruning, in milliseconds. */
  readonly interval: number;
  /** Commits worked through at once. */
  readonly budget: number;
}

export const DEFAULT_RETENTION: RetentionConfig = { keep: 60_000_000, interval: 5_000, budget: 500 };

/** What {@link RetentionConfig.keep} must at least be: 35 s, in microseconds. */
export const SHORTEST_RETENTION = 35_000_000;

/** Gives the space of old versions back in the background, a little at a time, and rests when there are none. */
export class Retention {
  readonly #store: Store;
  readonly #config: RetentionConfig;
  readonly #clock: { nowMicroseconds(): Timestamp };
  readonly #timers: Timers;
  readonly #warn: (message: string, cause: unknown) => void;
  readonly #dropped: Dropped;
  #timer: unknown = null;
  #horizon: Timestamp = BEGINNING;
  #running: Promise<void> | null = null;
  #isClosed = false;
  #durable: Timestamp;
  /** Everything up to here has been pruned. */
  #pruned: Timestamp = BEGINNING;

  constructor(parts: {
    readonly store: Store;
    readonly config: RetentionConfig;
    readonly clock: { nowMicroseconds(): Timestamp };
    readonly timers: Timers;
    readonly head: Timestamp;
    readonly dropped: Dropped;
    readonly warn: (message: string, cause: unknown) => void;
  }) {
    if (parts.config.keep < SHORTEST_RETENTION) {
      throw new Error(
        `Snapshots must stay readable for at least ${SHORTEST_RETENTION} µs, but retention is set to ${parts.config.keep} µs.`,
      );
    }
    this.#store = parts.store;
    this.#config = parts.config;
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#warn = parts.warn;
    this.#dropped = parts.dropped;
    this.#durable = parts.head;
    if (parts.head > BEGINNING) this.#schedule();
  }

  /** Snapshots before this cannot be read any more. */
  get horizon(): Timestamp {
    return this.#horizon;
  }

  /** There are new commits: some time they will be old. */
  advanced(durable: Timestamp): void {
    this.#durable = durable;
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  #schedule(): void {
    if (this.#isClosed || this.#timer !== null || this.#running !== null) return;
    this.#timer = this.#timers.setTimeout(() => {
      this.#timer = null;
      this.#running = this.#round().then(
        () => this.#ended(),
        (cause: unknown) => {
          this.#warn("Old versions could not be removed from the store; it is tried again.", cause);
          this.#ended();
        },
      );
    }, this.#config.interval);
  }

  #ended(): void {
    this.#running = null;
    if (this.#pruned < this.#durable) this.#schedule();
  }

  async #round(): Promise<void> {
    const { keep, budget } = this.#config;
    const horizon = Math.min(this.#clock.nowMicroseconds() - keep, this.#durable);
    if (horizon <= this.#horizon && this.#pruned >= this.#horizon) return;
    this.#horizon = Math.max(this.#horizon, horizon);
    const target = this.#horizon;
    while (!this.#isClosed) {
      const worked = await this.#store.prune(target, budget);
      if (worked < budget) {
        this.#pruned = target;
        await this.#dropped.discard(this.#store, target, budget, () => this.#isClosed);
        return;
      }
    }
  }
}

/** Timers, as a parameter. */
export interface HoldTimers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * After so many milliseconds a hold ends by itself: its transaction waits for something other than the database, and
 * everybody else waits for it. It commits all the same, unless it is overtaken.
 */
const LONGEST = 1000;

interface Hold {
  readonly number: number;
  readonly granted: () => void;
}

/**
 * Keeps all other writes back while a transaction of another thread, which has lost before, runs on the newest state.
 * A hold is granted once every write that was begun has ended; holds follow one another in the order they came.
 */
export class Holds {
  readonly #timers: HoldTimers;
  readonly #holds: Hold[] = [];
  readonly #kept: (() => void)[] = [];
  #running = 0;
  /** The hold that is in force, with the timer that ends it. */
  #current: { readonly number: number; readonly timer: unknown } | null = null;

  constructor(timers: HoldTimers) {
    this.#timers = timers;
  }

  isHeldBy(number: number): boolean {
    return this.#current?.number === number;
  }

  /** Begins `write` now, or after the holds that are there. */
  whenFree(write: () => void): void {
    if (this.#current !== null || this.#holds.length > 0) {
      this.#kept.push(write);
      return;
    }
    this.#running++;
    write();
  }

  /** To be called when a write that was begun has its outcome. */
  ended(): void {
    this.#running--;
    this.#grant();
  }

  hold(number: number, granted: () => void): void {
    this.#holds.push({ number, granted });
    this.#grant();
  }

  /** Of a hold that has ended by itself nothing is left to do. */
  release(number: number): void {
    if (this.#current?.number !== number) return;
    this.#timers.clearTimeout(this.#current.timer);
    this.#current = null;
    // Before the next hold: a row of them must not keep everybody else out.
    const kept = this.#kept.splice(0);
    this.#running += kept.length;
    for (const write of kept) write();
    this.#grant();
  }

  #grant(): void {
    if (this.#current !== null || this.#running > 0) return;
    const next = this.#holds.shift();
    if (next === undefined) return;
    const { number, granted } = next;
    this.#current = { number, timer: this.#timers.setTimeout(() => this.release(number), LONGEST) };
    granted();
  }
}

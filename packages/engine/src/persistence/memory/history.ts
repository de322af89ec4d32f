import type { Timestamp } from "../../timestamp.ts";

/** The versions that one key has had, oldest first; `null` is its removal. */
export class History<V> {
  readonly #timestamps: Timestamp[] = [];
  readonly #values: (V | null)[] = [];

  get isEmpty(): boolean {
    return this.#timestamps.length === 0;
  }

  /** The version that a snapshot at `at` sees, `null` when it sees none. */
  at(at: Timestamp): V | null {
    const last = this.#countUpTo(at) - 1;
    return last < 0 ? null : this.#values[last]!;
  }

  /** Adds a version. One that carries the same timestamp already stays when `keepExisting` is set. */
  put(ts: Timestamp, value: V | null, keepExisting = false): void {
    const count = this.#countUpTo(ts);
    if (count > 0 && this.#timestamps[count - 1] === ts) {
      if (!keepExisting) this.#values[count - 1] = value;
      return;
    }
    this.#timestamps.splice(count, 0, ts);
    this.#values.splice(count, 0, value);
  }

  /** Drops what no snapshot at or after `horizon` sees. */
  prune(horizon: Timestamp): void {
    const count = this.#countUpTo(horizon);
    if (count === 0) return;
    const dropped = this.#values[count - 1] === null ? count : count - 1;
    this.#timestamps.splice(0, dropped);
    this.#values.splice(0, dropped);
  }

  /** How many versions have a timestamp of `ts` or less. */
  #countUpTo(ts: Timestamp): number {
    let low = 0;
    let high = this.#timestamps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timestamps[middle]! <= ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

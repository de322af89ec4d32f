import type { Timestamp } from "../timestamp.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** The smallest float64 above `n`, for `n` ≥ 0. */
function nextUp(n: number): number {
  scratch.setFloat64(0, n);
  scratch.setBigInt64(0, scratch.getBigInt64(0) + 1n);
  return scratch.getFloat64(0);
}

/** Gives the documents of one transaction their `_creationTime`s (P §4.4). */
export class CreationTimes {
  #next: number;

  /** `begin` is when the transaction began. */
  constructor(begin: Timestamp) {
    this.#next = Math.floor(begin / 1000) + (begin % 1000) / 1000;
  }

  /** Milliseconds since the epoch, greater than all before. */
  take(): number {
    const time = this.#next;
    this.#next = nextUp(time);
    return time;
  }

  /** An import has given a document its time: later documents come after it. */
  passed(time: number): void {
    if (time >= this.#next) this.#next = nextUp(time);
  }
}

import type { LiveResult } from "./live_result.ts";

/**
 * Results that nobody watches, by when they were last used. A list and not a `Set`: every query passes through it,
 * and the oldest entry of a `Set` lies behind the remains of all that were taken out before it.
 */
export class IdleResults {
  #oldest: LiveResult | null = null;
  #newest: LiveResult | null = null;
  #bytes = 0;

  /** What their sizes add up to. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The longest unused. */
  get oldest(): LiveResult | null {
    return this.#oldest;
  }

  /** Puts it in as the one used last, wherever it was before. */
  add(entry: LiveResult): void {
    this.delete(entry);
    const older = this.#newest;
    entry.idle = { older, newer: null };
    if (older === null) {
      this.#oldest = entry;
    } else {
      older.idle!.newer = entry;
    }
    this.#newest = entry;
    this.#bytes += entry.size;
  }

  /** Takes it out; nothing happens when it is not in. */
  delete(entry: LiveResult): void {
    if (entry.idle === null) {
      return;
    }
    const { older, newer } = entry.idle;
    if (older === null) {
      this.#oldest = newer;
    } else {
      older.idle!.newer = newer;
    }
    if (newer === null) {
      this.#newest = older;
    } else {
      newer.idle!.older = older;
    }
    entry.idle = null;
    this.#bytes -= entry.size;
  }
}

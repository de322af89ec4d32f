import type { LogEntry } from "@tandem/protocol";

/** Something that happened, which becomes a log entry when somebody reads it: the same one for every reader. */
export interface Loggable {
  readonly logEntry: LogEntry;
}

/** Who is told of each entry as it comes. */
export type LogListener = (entry: LogEntry) => void;

/**
 * The latest executions of functions, for `convex logs` and the dashboard (R §7): a ring in memory, told to
 * listeners as it grows. It is a window, not a store.
 */
export class FunctionLog {
  readonly #capacity: number;
  #items: { readonly cursor: number; readonly item: Loggable }[] = [];
  readonly #listeners = new Set<LogListener>();
  #cursor = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** `at` in milliseconds since the epoch. */
  add(item: Loggable, at: number): void {
    // Cursors ascend strictly, so that a reader neither misses an entry nor sees one twice.
    this.#cursor = Math.max(at, this.#cursor + 0.001);
    this.#items.push({ cursor: this.#cursor, item });
    if (this.#items.length >= 2 * this.#capacity) {
      this.#items = this.#items.slice(-this.#capacity);
    }
    for (const listener of this.#listeners) {
      listener(item.logEntry);
    }
  }

  /** Entries after `cursor` (a time in ms), the oldest first, and the cursor to go on from. */
  after(cursor: number): { entries: LogEntry[]; newCursor: number } {
    const kept = this.#items.slice(-this.#capacity).filter((one) => one.cursor > cursor);
    return {
      entries: kept.map(({ item }) => item.logEntry),
      newCursor: kept.at(-1)?.cursor ?? Math.max(cursor, 0),
    };
  }

  /** Answers a function that ends it. */
  listen(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

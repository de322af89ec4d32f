import type { IndexId } from "../log/commit.ts";
import type { Discarded, KeyRange, ScanOrder, ScanSource, Store } from "../persistence/persistence.ts";
import type { Timestamp } from "../timestamp.ts";
import type { BackfilledEntry } from "./messages.ts";
import type { Questions } from "./questions.ts";

/** A thread's own way of reading the store. */
export type StoreReads = Pick<Store, "head" | "get" | "scan" | "tail"> & { close(): void };

/** Reads by this thread's own means; everything else is asked of the database's thread. */
export class RemoteStore implements Store {
  readonly #reader: StoreReads;
  readonly #questions: Questions;
  readonly #closed: () => Promise<void>;
  #closing: Promise<void> | null = null;

  constructor(reader: StoreReads, questions: Questions, closed: () => Promise<void>) {
    this.#reader = reader;
    this.#questions = questions;
    this.#closed = closed;
  }

  head() {
    return this.#reader.head();
  }

  get(tableId: number, id: string, at: Timestamp) {
    return this.#reader.get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number) {
    return this.#reader.scan(source, range, order, at, limit);
  }

  tail(after: Timestamp, limit: number) {
    return this.#reader.tail(after, limit);
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#questions.ask({ kind: "prune", horizon, budget });
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.#questions.ask({ kind: "discard", what, budget });
  }

  async backfill(indexId: IndexId, entries: readonly BackfilledEntry[]): Promise<void> {
    await this.#questions.ask({ kind: "backfill", indexId, entries });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#reader.close();
    try {
      await this.#questions.ask({ kind: "closeDatabase" });
    } finally {
      await this.#closed();
    }
  }
}

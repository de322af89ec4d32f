import type { Engine, Subscription } from "@tandem/engine";
import { encodeIndexKey, type Value } from "@tandem/values";
import { NAMESPACE, Reader } from "./reader.ts";
import type { IndexName, TableName, Tables } from "./tables.ts";

/** Reads of single rows. */
export type RowReader = Pick<Reader, "get" | "first">;

interface KeptRow {
  readonly row: unknown;
  /** Null while it begins. */
  subscription: Subscription | null;
}

/**
 * Rows that are asked for again and again, such as those of whoever fetches tokens: each is read once, and again after
 * a commit that touches it. A row is never older than the newest commit that this process has heard of; two of them
 * may be of two moments when a commit comes in between.
 */
export class KeptRows implements RowReader {
  readonly #engine: Pick<Engine, "snapshot" | "subscribe">;
  readonly #most: number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, KeptRow>();

  /** Keeps `most` rows; beyond that, those that were used last. */
  constructor(engine: Pick<Engine, "snapshot" | "subscribe">, most: number) {
    this.#engine = engine;
    this.#most = most;
  }

  /** How many are kept at the moment. */
  get size(): number {
    return this.#kept.size;
  }

  get<T extends TableName>(table: T, id: string): Promise<Tables[T] | null> {
    return this.#row(`${table}\0${id}`, (reader) => reader.get(table, id));
  }

  first<T extends TableName>(
    table: T,
    index: IndexName<T>,
    values: readonly Value[],
    order: "asc" | "desc" = "asc",
  ): Promise<Tables[T] | null> {
    return this.#row(`${table}\0${index}\0${order}\0${encodeIndexKey(values)}`, (reader) =>
      reader.first(table, index, values, order),
    );
  }

  async #row<R>(key: string, read: (reader: Reader) => Promise<R | null>): Promise<R | null> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.row as R;
    }
    const snapshot = this.#engine.snapshot({ namespace: NAMESPACE });
    const row = await read(new Reader(snapshot));
    // Whoever guesses must not throw out what is in use.
    if (row === null) return null;
    this.#drop(key);
    const kept: KeptRow = { row, subscription: null };
    this.#kept.set(key, kept);
    kept.subscription = this.#engine.subscribe(snapshot.reads, snapshot.at, () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    if (this.#kept.size > this.#most) this.#drop(this.#kept.keys().next().value!);
    return row;
  }

  #drop(key: string): void {
    this.#kept.get(key)?.subscription?.cancel();
    this.#kept.delete(key);
  }
}

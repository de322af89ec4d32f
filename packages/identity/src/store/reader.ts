import type { DatabaseReader } from "@tandem/engine";
import { encodeIndexKey, prefixEnd, type Value } from "@tandem/values";
import type { Row } from "./rows.ts";
import type { IndexName, TableName, Tables } from "./tables.ts";

/** Identity's tables live apart from the app's, in this namespace of the same database. */
export const NAMESPACE = "identity";

/** Rows that one page of a listing reads at most. */
const MOST_ROWS = 500;

/** Rows that a listing reads first: whoever wants a page of ten stops soon. */
const FIRST_SLICE = 32;

export interface Listing {
  readonly order?: "asc" | "desc";
  /** At most 500; 500 by default. */
  readonly limit?: number;
}

/** Typed reads of one moment, or of a transaction. Every look-up is by index. */
export class Reader {
  readonly #database: DatabaseReader;

  constructor(database: DatabaseReader) {
    this.#database = database;
  }

  /** The row with a public id, or null. */
  async get<T extends TableName>(table: T, id: string): Promise<Tables[T] | null> {
    return (await this.#scan<Tables[T]>(table, "by_public_id", [id], "asc", 1))[0] ?? null;
  }

  /** The first row whose index fields begin with `values`, or null. */
  async first<T extends TableName>(
    table: T,
    index: IndexName<T>,
    values: readonly Value[],
    order: "asc" | "desc" = "asc",
  ): Promise<Tables[T] | null> {
    return (await this.#scan<Tables[T]>(table, index, values, order, 1))[0] ?? null;
  }

  /** The rows whose index fields begin with `values`, in the order of the index. */
  list<T extends TableName>(
    table: T,
    index: IndexName<T>,
    values: readonly Value[],
    { order = "asc", limit = MOST_ROWS }: Listing = {},
  ): Promise<Tables[T][]> {
    return this.#scan<Tables[T]>(table, index, values, order, limit);
  }

  /**
   * All rows whose index fields begin with `values`, read in slices that grow. For listings that filter: what it
   * yields is one moment, but the caller decides when to stop. `after` and `before` bound the index's next field.
   */
  async *all<T extends TableName>(
    table: T,
    index: IndexName<T>,
    values: readonly Value[],
    order: "asc" | "desc" = "asc",
    { after, before }: { readonly after?: number; readonly before?: number } = {},
  ): AsyncGenerator<Tables[T]> {
    const prefix = encodeIndexKey(values);
    let start = after === undefined ? prefix : prefixEnd(encodeIndexKey([...values, after]))!;
    let end = before === undefined ? prefixEnd(prefix) : encodeIndexKey([...values, before]);
    for (let slice = FIRST_SLICE; end === null || start < end; slice = Math.min(2 * slice, MOST_ROWS)) {
      const rows = await this.#database.scan(table, index, { start, end }, order, slice);
      for (const { document } of rows) yield JSON.parse(document.json) as Tables[T];
      if (rows.length < slice) return;
      const last = rows.at(-1)!.key;
      if (order === "asc") start = `${last}\0`;
      else end = last;
    }
  }

  /** Rows of `index` whose first field is below `bound`, oldest first: what a sweep removes. */
  async below<T extends TableName>(
    table: T,
    index: IndexName<T>,
    bound: number,
    limit: number,
  ): Promise<Tables[T][]> {
    // Numbers order after null, which stands for "not yet" in these fields.
    const range = { start: encodeIndexKey([Number.NEGATIVE_INFINITY]), end: encodeIndexKey([bound]) };
    const rows = await this.#database.scan(table, index, range, "asc", limit);
    return rows.map(({ document }) => JSON.parse(document.json) as Tables[T]);
  }

  async #scan<R extends Row>(
    table: TableName,
    index: string,
    values: readonly Value[],
    order: "asc" | "desc",
    limit: number,
  ): Promise<R[]> {
    const start = encodeIndexKey(values);
    const rows = await this.#database.scan(table, index, { start, end: prefixEnd(start) }, order, limit);
    return rows.map(({ document }) => JSON.parse(document.json) as R);
  }
}

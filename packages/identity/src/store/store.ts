import type { DatabaseReader, DatabaseWriter, Engine } from "@tandem/engine";
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

type Fields<R extends Row> = { readonly [F in Exclude<keyof R, "_id">]: R[F] };

/** Reads and writes of one transaction. It runs again from the start when it loses against another one. */
export class Writer extends Reader {
  readonly #database: DatabaseWriter;
  readonly #afterCommit: (() => void)[] = [];

  constructor(database: DatabaseWriter) {
    super(database);
    this.#database = database;
  }

  async insert<T extends TableName>(table: T, fields: Fields<Tables[T]>): Promise<Tables[T]> {
    const _id = await this.#database.insert(table, fields as unknown as Record<string, Value>);
    return { ...fields, _id } as unknown as Tables[T];
  }

  /** Changes fields of a row. Answers the row as it is now. */
  async patch<T extends TableName>(
    _table: T,
    row: Tables[T],
    fields: Partial<Omit<Fields<Tables[T]>, "id">>,
  ): Promise<Tables[T]> {
    await this.#database.patch(row._id, fields as unknown as Record<string, Value>);
    return { ...row, ...fields };
  }

  async remove<T extends TableName>(_table: T, row: Tables[T]): Promise<void> {
    await this.#database.remove(row._id);
  }

  /** Runs once what this transaction wrote is on disk; never for an attempt that lost or threw. */
  afterCommit(run: () => void): void {
    this.#afterCommit.push(run);
  }

  /** For {@link Store.transact} alone. */
  committed(): void {
    for (const run of this.#afterCommit) run();
  }
}

/** Identity's part of the database. */
export class Store {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** One moment: the newest that is on disk. */
  read(): Reader {
    return new Reader(this.#engine.snapshot({ namespace: NAMESPACE }));
  }

  /** Resolves when what `body` wrote is on disk. `source` names the transaction in reports of conflicts. */
  async transact<T>(source: string, body: (tx: Writer) => Promise<T>): Promise<T> {
    let writer: Writer | null = null;
    const { value } = await this.#engine.transact(
      { namespace: NAMESPACE, source: `identity: ${source}` },
      (tx) => {
        writer = new Writer(tx);
        return body(writer);
      },
    );
    (writer as Writer | null)?.committed();
    return value;
  }
}

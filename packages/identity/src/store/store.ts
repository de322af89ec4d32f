import type { DatabaseWriter, Engine } from "@tandem/engine";
import type { Value } from "@tandem/values";
import { KeptRows } from "./kept_rows.ts";
import { NAMESPACE, Reader } from "./reader.ts";
import type { Row } from "./rows.ts";
import type { TableName, Tables } from "./tables.ts";

/** Four for each of two thousand people whose pages fetch tokens: some 10 MB. */
const KEPT_ROWS = 8000;

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
  /** For paths that ask for the same rows again and again, and change nothing. */
  readonly newest: KeptRows;
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.newest = new KeptRows(engine, KEPT_ROWS);
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

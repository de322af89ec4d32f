import { andThen, type IndexRow, type KeyRange, type MaybePromise, type Transaction } from "@tandem/engine";
import type { JSONValue } from "@tandem/values";
import type { AsyncSyscall, SyncSyscall } from "./call_scope.ts";
import { type PlannedQuery, planQuery } from "./serialized_query.ts";
import { SyscallError } from "./syscall_error.ts";

const FIRST_BATCH = 4;
const LONGEST_BATCH = 512;

/** What one row has become on its way through the operators. */
type Passed = "kept" | "dropped" | "ended";

/** A query that is being read, row by row, in batches that grow. */
export class QueryReader {
  readonly #tx: Transaction;
  readonly #query: PlannedQuery;
  readonly #left: number[];
  #range: KeyRange;
  #batch: number;
  #rows: readonly IndexRow[] = [];
  #at = 0;
  #isExhausted = false;

  constructor(tx: Transaction, query: PlannedQuery, range: KeyRange = query.range) {
    this.#tx = tx;
    this.#query = query;
    this.#range = range;
    this.#left = query.operators.map((operator) => (operator.kind === "limit" ? operator.limit : 0));
    // With nothing to filter, no more is read than is going to be wanted.
    const first = query.operators[0];
    this.#batch = first?.kind === "limit" ? Math.min(Math.max(first.limit, 1), LONGEST_BATCH) : FIRST_BATCH;
  }

  /** The next row of the range before any operator, or `null` at its end. */
  nextRow(most = Number.MAX_SAFE_INTEGER): MaybePromise<IndexRow | null> {
    if (this.#at < this.#rows.length) return this.#rows[this.#at++]!;
    if (this.#isExhausted) return null;
    const wanted = Math.min(this.#batch, most);
    const { table, index, order } = this.#query;
    return andThen(this.#tx.scan(table, index, this.#range, order, wanted), (rows) => {
      this.#batch = Math.min(this.#batch * 4, LONGEST_BATCH);
      this.#rows = rows;
      this.#at = 0;
      if (rows.length < wanted) this.#isExhausted = true;
      if (rows.length === 0) return null;
      const last = rows[rows.length - 1]!.key;
      this.#range =
        order === "asc"
          ? { start: `${last}\0`, end: this.#range.end }
          : { start: this.#range.start, end: last };
      return this.#rows[this.#at++]!;
    });
  }

  /** Sends a row through the operators. `ended`: a limit was used up before it. */
  pass(row: IndexRow): Passed {
    const { operators } = this.#query;
    let document: JSONValue | undefined;
    for (let i = 0; i < operators.length; i++) {
      const operator = operators[i]!;
      if (operator.kind === "limit") {
        if (this.#left[i]! <= 0) return "ended";
        this.#left[i]!--;
      } else {
        document ??= JSON.parse(row.document.json) as JSONValue;
        if (!operator.keep(document)) return "dropped";
      }
    }
    return "kept";
  }

  /** A limit lets nothing more through: reading on would be in vain. */
  get isLimitReached(): boolean {
    return this.#query.operators.some((operator, i) => operator.kind === "limit" && this.#left[i]! <= 0);
  }

  /** The JSON text of the next document, or `null`. */
  next(): MaybePromise<string | null> {
    for (;;) {
      if (this.isLimitReached) return null;
      const row = this.nextRow();
      if (row instanceof Promise) {
        return row.then((found) => {
          if (found === null) return null;
          return this.pass(found) === "kept" ? found.document.json : this.next();
        });
      }
      if (row === null) return null;
      if (this.pass(row) === "kept") return row.document.json;
    }
  }
}

/** The queries that a function has begun and not finished, by number. */
export class OpenQueries {
  #open: Map<number, QueryReader> | null = null;
  #next = 0;

  add(reader: QueryReader): number {
    const id = this.#next++;
    this.#open ??= new Map();
    this.#open.set(id, reader);
    return id;
  }

  get(id: unknown): QueryReader {
    const reader = this.#open?.get(id as number);
    if (reader === undefined) {
      throw new SyscallError(
        "QueryNotFound",
        "This query is not open: it has been read to its end or was closed.",
      );
    }
    return reader;
  }

  close(id: unknown): boolean {
    return this.#open?.delete(id as number) ?? false;
  }
}

export const queryStream: SyncSyscall = (scope, args) => {
  const query = planQuery(scope.tx, args.query);
  return `{"queryId":${scope.queries.add(new QueryReader(scope.tx, query))}}`;
};

export const queryCleanup: SyncSyscall = (scope, args) => String(scope.queries.close(args.queryId));

export const queryStreamNext: AsyncSyscall = (scope, args) => {
  const reader = scope.queries.get(args.queryId);
  return andThen(reader.next(), (json) => {
    if (json !== null) return `{"value":${json},"done":false}`;
    scope.queries.close(args.queryId);
    return '{"value":null,"done":true}';
  });
};

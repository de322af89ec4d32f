import { andThen, DatabaseError, type IndexRow, type KeyRange, type MaybePromise } from "@tandem/engine";
import type { IndexKey } from "@tandem/values";
import type { AsyncSyscall, CallScope, SyscallArgs } from "./call_scope.ts";
import type { Position } from "./cursor.ts";
import { QueryReader } from "./query_stream.ts";
import { type PlannedQuery, planQuery } from "./serialized_query.ts";
import { SyscallError } from "./syscall_error.ts";

const MAX_PAGE_SIZE = 32_000;
/** Pages above this are better split (R §1.8). */
const LONG_PAGE = 6144;

interface PageOptions {
  readonly pageSize: number;
  readonly rowsLimit: number;
  readonly bytesLimit: number;
  readonly end: Position | null;
}

interface Page {
  readonly documents: string[];
  readonly cursors: string[];
  readonly rows: number;
  readonly bytes: number;
  readonly position: Position;
  readonly isCut: boolean;
}

/** R §1.8, P §2.6 and §4.7. */
export const queryPage: AsyncSyscall = (scope, args) => {
  const { tree } = scope;
  if (tree.hasPaginated) {
    throw new SyscallError(
      "MultiplePaginatedDatabaseQueries",
      "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
    );
  }
  const pageSize = Number(args.pageSize);
  if (pageSize === 0) {
    throw new SyscallError("NoDocumentsForPagination", "Must request at least 1 document while paginating");
  }
  if (pageSize > MAX_PAGE_SIZE) {
    throw new SyscallError(
      "PageSizeTooLarge",
      `Page size of ${pageSize} is too large: at most ${MAX_PAGE_SIZE} documents can be requested.`,
    );
  }
  const rowsLimit = limitArgument(args, "maximumRowsRead");
  const bytesLimit = limitArgument(args, "maximumBytesRead");
  const query = planQuery(scope.tx, args.query);
  const start = typeof args.cursor === "string" ? tree.cursors.open(args.cursor, query.fingerprint) : null;
  const end = endPosition(scope, args, query);
  tree.hasPaginated = true;
  const options: PageOptions = { pageSize, rowsLimit, bytesLimit, end };
  return andThen(readPage(scope, query, start, options), (page) => answer(scope, query, page, options));
};

function limitArgument(args: SyscallArgs, name: "maximumRowsRead" | "maximumBytesRead"): number {
  const value = args[name];
  if (value === null || value === undefined) return Number.POSITIVE_INFINITY;
  if (Number(value) <= 0) {
    throw new SyscallError("InvalidPaginationLimit", `${name} must be at least 1 while paginating.`);
  }
  return Number(value);
}

/** An end that was asked for, or where this query's page ended the last time. */
function endPosition(scope: CallScope, args: SyscallArgs, query: PlannedQuery): Position | null {
  if (typeof args.endCursor === "string") return scope.tree.cursors.open(args.endCursor, query.fingerprint);
  const { previousJournal } = scope.tree;
  if (previousJournal === null) return null;
  try {
    return scope.tree.cursors.open(previousJournal, query.fingerprint);
  } catch (error) {
    // The query has changed since then (a new push): the page begins a new life.
    if (error instanceof SyscallError && error.code === "InvalidCursor") return null;
    throw error;
  }
}

function behind(query: PlannedQuery, position: Position | null): KeyRange {
  const { range, order } = query;
  if (position === null) return range;
  if (position.kind === "end") return { start: "\xff", end: "\xff" };
  const { key } = position;
  if (order === "asc") return { start: `${key}\0` > range.start ? `${key}\0` : range.start, end: range.end };
  return { start: range.start, end: range.end === null || key < range.end ? key : range.end };
}

function until(query: PlannedQuery, range: KeyRange, end: Position | null): KeyRange {
  if (end === null || end.kind === "end") return range;
  if (query.order === "asc") {
    const last = `${end.key}\0`;
    return { start: range.start, end: range.end === null || last < range.end ? last : range.end };
  }
  return { start: later(end.key, range.start), end: range.end };
}

function later(a: IndexKey, b: IndexKey): IndexKey {
  return a < b ? b : a;
}

function readPage(
  scope: CallScope,
  query: PlannedQuery,
  start: Position | null,
  options: PageOptions,
): MaybePromise<Page> {
  const { end, pageSize, rowsLimit, bytesLimit } = options;
  const done: Position = { kind: "end" };
  const page = { documents: [] as string[], cursors: [] as string[], rows: 0, bytes: 0 };
  if (start?.kind === "end") return { ...page, position: done, isCut: false };
  const reader = new QueryReader(scope.tx, query, until(query, behind(query, start), end));
  let last: Position | null = start;
  const finish = (position: Position, isCut: boolean): Page => ({ ...page, position, isCut });
  const stop = (): Page | null => {
    if (end !== null) return null;
    if (last !== null && page.rows > 0 && (page.rows >= rowsLimit || page.bytes >= bytesLimit))
      return finish(last, true);
    if (page.documents.length >= pageSize && last !== null) return finish(last, false);
    return null;
  };
  const take = (row: IndexRow | null): Page | null => {
    if (row === null) return finish(end ?? done, false);
    page.rows++;
    page.bytes += row.document.size;
    const passed = reader.pass(row);
    if (passed === "ended") return finish(end ?? done, false);
    last = { kind: "after", key: row.key };
    page.cursors.push(row.key);
    if (passed === "kept") page.documents.push(row.document.json);
    return null;
  };
  const limitHit = (error: unknown): Page => {
    // The transaction's own read limits cut the page; what was read so far is good.
    if (error instanceof DatabaseError && READ_LIMITS.has(error.code) && last !== null && page.rows > 0) {
      return finish(last, true);
    }
    throw error;
  };
  const read = (): MaybePromise<Page> => {
    for (;;) {
      const stopped = stop();
      if (stopped !== null) return stopped;
      if (reader.isLimitReached) return finish(end ?? done, false);
      let row: MaybePromise<IndexRow | null>;
      try {
        const wanted =
          end === null && query.operators.length === 0 ? pageSize - page.documents.length : undefined;
        row = reader.nextRow(wanted);
      } catch (error) {
        return limitHit(error);
      }
      if (row instanceof Promise) {
        return row.then((found) => take(found) ?? read(), limitHit);
      }
      const finished = take(row);
      if (finished !== null) return finished;
    }
  };
  return read();
}

const READ_LIMITS: ReadonlySet<string> = new Set([
  "TooManyDocumentsRead",
  "TooManyBytesRead",
  "TooManyReads",
]);

function answer(scope: CallScope, query: PlannedQuery, page: Page, options: PageOptions): string {
  const { cursors } = scope.tree;
  const seal = (position: Position) => cursors.seal(position, query.fingerprint);
  const isOpenEnded = options.end === null;
  const continueCursor = seal(page.position);
  scope.tree.journal = continueCursor;
  const { limits } = scope.tx.usage;
  const status = page.isCut
    ? "SplitRequired"
    : page.rows >
          0.75 * Math.min(isOpenEnded ? options.rowsLimit : Number.POSITIVE_INFINITY, limits.documentsRead) ||
        page.bytes >
          0.75 * Math.min(isOpenEnded ? options.bytesLimit : Number.POSITIVE_INFINITY, limits.bytesRead) ||
        page.documents.length > LONG_PAGE
      ? "SplitRecommended"
      : null;
  const middle = page.rows > 2 ? page.cursors[Math.floor(page.cursors.length / 2)] : undefined;
  const split = middle === undefined ? "null" : `"${seal({ kind: "after", key: middle })}"`;
  return `{"page":[${page.documents.join(",")}],"isDone":${page.position.kind === "end"},"continueCursor":"${continueCursor}","splitCursor":${split},"pageStatus":${status === null ? "null" : `"${status}"`}}`;
}

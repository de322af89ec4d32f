import type { EngineSnapshot, KeyRange, ScanOrder } from "@tandem/engine";
import { type JSONValue, v } from "@tandem/values";
import { SystemQueryError } from "./system_query.ts";

/** `paginationOpts` of a paginated query (R §1.8). */
export const paginationOptions = v.object({
  cursor: v.union(v.string(), v.null()),
  numItems: v.number(),
  endCursor: v.optional(v.union(v.string(), v.null())),
  id: v.optional(v.number()),
  maximumRowsRead: v.optional(v.number()),
  maximumBytesRead: v.optional(v.number()),
});

export interface PaginationOptions {
  readonly cursor: string | null;
  readonly numItems: number;
  readonly endCursor?: string | null;
}

const MAX_PAGE_SIZE = 32_000;
const SLICE = 500;
/** A page ends early when it holds so many bytes. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** The cursor behind the last row. */
const END = "end";

/** A page of a table's documents by creation time (R §1.8). The same position has the same cursor, always. */
export async function paginateTable(
  snapshot: EngineSnapshot,
  table: string,
  order: ScanOrder,
  options: PaginationOptions,
): Promise<JSONValue> {
  const { numItems, cursor } = options;
  if (!Number.isInteger(numItems) || numItems < 1) {
    throw new SystemQueryError(
      `NoDocumentsForPagination: numItems must be a whole number above 0, got ${numItems}.`,
    );
  }
  if (numItems > MAX_PAGE_SIZE) {
    throw new SystemQueryError(
      `PageSizeTooLarge: numItems is ${numItems}, but a page has at most ${MAX_PAGE_SIZE} items.`,
    );
  }
  const endCursor = options.endCursor ?? null;
  if (cursor === END) return { page: [], isDone: true, continueCursor: END };

  const after = cursor === null ? null : readCursor(cursor, table, order);
  const until = endCursor === null || endCursor === END ? null : readCursor(endCursor, table, order);
  let range: KeyRange =
    order === "asc"
      ? { start: after === null ? "" : `${after}\0`, end: until === null ? null : `${until}\0` }
      : { start: until ?? "", end: after };
  const page: JSONValue[] = [];
  let bytes = 0;
  const limit = endCursor === null ? numItems : Number.POSITIVE_INFINITY;
  for (;;) {
    const wanted = Math.min(SLICE, limit - page.length);
    const rows = await snapshot.scan(table, "by_creation_time", range, order, wanted);
    for (const { document } of rows) {
      page.push(JSON.parse(document.json) as JSONValue);
      bytes += document.size;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < wanted) {
      return { page, isDone: endCursor === null || endCursor === END, continueCursor: endCursor ?? END };
    }
    if (endCursor === null && (page.length >= limit || bytes >= PAGE_BYTES)) {
      return { page, isDone: false, continueCursor: writeCursor(table, order, last.key) };
    }
    range =
      order === "asc" ? { start: `${last.key}\0`, end: range.end } : { start: range.start, end: last.key };
  }
}

function writeCursor(table: string, order: ScanOrder, key: string): string {
  return Buffer.from(JSON.stringify([table, order, Buffer.from(key, "latin1").toString("hex")])).toString(
    "base64url",
  );
}

function readCursor(cursor: string, table: string, order: ScanOrder): string {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    throw invalidCursor("Failed to parse cursor");
  }
  if (!Array.isArray(parts) || typeof parts[2] !== "string") throw invalidCursor("Failed to parse cursor");
  if (parts[0] !== table || parts[1] !== order) {
    throw invalidCursor(
      "Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    );
  }
  return Buffer.from(parts[2], "hex").toString("latin1");
}

function invalidCursor(why: string): SystemQueryError {
  return new SystemQueryError(`InvalidCursor: ${why}`, {
    isConvexSystemError: true,
    paginationError: "InvalidCursor",
  });
}

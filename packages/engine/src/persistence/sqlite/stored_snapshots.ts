import type { DatabaseSync, StatementSync } from "node:sqlite";
import { encodeIndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource } from "../persistence.ts";
import { documentBound } from "./document_bound.ts";
import { StoredLog } from "./stored_log.ts";
import { StoredVersions } from "./stored_versions.ts";

/** SQLite takes limits up to here, and no answer is as long. */
const NO_LIMIT = 2 ** 31 - 1;

/** Every snapshot that the file holds, read through one connection. */
export class StoredSnapshots {
  readonly #database: DatabaseSync;
  readonly #log: StoredLog;
  readonly #versions: StoredVersions;
  readonly #scans = new Map<string, StatementSync>();

  /** `database` answers rows as arrays. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#log = new StoredLog(database);
    this.#versions = new StoredVersions(database);
  }

  head(): Timestamp {
    return this.#log.end().head;
  }

  tail(after: Timestamp, limit: number): Commit[] {
    // One view of log and documents, or a prune in between would take documents out of the answer.
    if (this.#database.isTransaction) return this.#log.tail(after, clampLimit(limit));
    this.#database.exec("BEGIN");
    try {
      return this.#log.tail(after, clampLimit(limit));
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    const version = this.#versions.visible(this.#versions.document(tableId, id), at);
    if (version === undefined || version[2] === null) return null;
    return { id, json: version[2], size: version[1] };
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return source.kind === "documents"
      ? this.#scanDocuments(source.tableId, range, order, at, clampLimit(limit))
      : this.#scanEntries(source.tableId, source.indexId, range, order, at, clampLimit(limit));
  }

  #scanDocuments(
    tableId: TableId,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit: number,
  ): IndexRow[] {
    const statement = this.#scanStatement(order, DOCUMENT_SCAN);
    const rows: IndexRow[] = [];
    let start = documentBound(range.start);
    let end = documentBound(range.end);
    while (rows.length < limit) {
      const wanted = limit - rows.length;
      const found = statement.all(
        tableId,
        Buffer.from(start, "latin1"),
        Buffer.from(end, "latin1"),
        at,
        wanted,
      ) as unknown as [id: string, ts: Timestamp, size: number, json: string | null][];
      for (const [id, ts, size, json] of found) {
        const document = ts > at ? this.get(tableId, id, at) : json === null ? null : { id, json, size };
        if (document !== null) rows.push({ key: encodeIndexKey([id]), document });
      }
      if (found.length < wanted) break;
      // Some of a full page did not exist at `at`: the next page begins behind it.
      const last = Buffer.from(found[wanted - 1]![0]).toString("latin1");
      if (order === "asc") start = `${last}\0`;
      else end = last;
    }
    return rows;
  }

  #scanEntries(
    tableId: TableId,
    indexId: IndexId,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit: number,
  ): IndexRow[] {
    const rows: IndexRow[] = [];
    let { start, end } = range;
    while (rows.length < limit) {
      const wanted = limit - rows.length;
      const statement = this.#scanStatement(order, end === null ? ENTRY_SCAN_TO_THE_LAST : ENTRY_SCAN);
      const found = (end === null
        ? statement.all(tableId, indexId, at, wanted, start)
        : statement.all(tableId, indexId, at, wanted, start, end)) as unknown as EntryRow[];
      for (const row of found) {
        const document = this.#documentOfEntry(tableId, indexId, row, at);
        if (document !== null) rows.push({ key: row[0], document });
      }
      if (found.length < wanted) break;
      const last = found[wanted - 1]![0];
      if (order === "asc") start = `${last}\0`;
      else end = last;
    }
    return rows;
  }

  #documentOfEntry(
    tableId: TableId,
    indexId: IndexId,
    [key, id, ts, size, json]: EntryRow,
    at: Timestamp,
  ): StoredDocument | null {
    if (ts === ENTRY_IS_NEWER) {
      const old = this.#versions.visible(this.#versions.entry(indexId, key), at)?.[2] ?? null;
      return old === null ? null : this.get(tableId, old, at);
    }
    if (id === null || ts === null) return null;
    if (ts > at) return this.get(tableId, id, at);
    return json === null ? null : { id, json, size };
  }

  #scanStatement(order: ScanOrder, sql: string): StatementSync {
    const name = order + sql;
    let statement = this.#scans.get(name);
    if (statement === undefined) {
      statement = this.#database.prepare(sql.replaceAll("$ORDER", order));
      this.#scans.set(name, statement);
    }
    return statement;
  }
}

/** In place of the document's timestamp, when the entry itself has been written since. */
const ENTRY_IS_NEWER = -1;

/** The entry with the newest version of its document, whose columns are empty when there is none. */
type EntryRow = [key: string, id: string | null, ts: Timestamp | null, size: number, json: string | null];

// Removals are passed over inside SQLite; what has been overwritten since `at` is answered with its new version,
// which the caller sees by its timestamp and exchanges for the old one.
// A bare parameter as the limit would have SQLite prepare the statement afresh whenever one is bound: 4 µs become 20.
const DOCUMENT_SCAN = `
  SELECT d.id, d.ts, d.size, d.json FROM documents d
  WHERE d.table_id = ?1 AND d.id >= CAST(?2 AS TEXT) AND d.id < CAST(?3 AS TEXT)
    AND (d.json IS NOT NULL OR d.ts > ?4)
  ORDER BY d.id $ORDER LIMIT ?5 + 0`;

const ENTRY_SCAN_TO_THE_LAST = entryScan("");
const ENTRY_SCAN = entryScan("AND e.key < ?6");

function entryScan(end: string): string {
  return `
    SELECT e.key, e.document_id, iif(e.ts > ?3, ${ENTRY_IS_NEWER}, d.ts), d.size, d.json FROM entries e
    LEFT JOIN documents d ON d.table_id = ?1 AND d.id = e.document_id
    WHERE e.index_id = ?2 AND e.key >= ?5 ${end} AND (e.document_id IS NOT NULL OR e.ts > ?3)
    ORDER BY e.key $ORDER LIMIT ?4 + 0`;
}

function clampLimit(limit: number): number {
  return Math.min(Math.max(0, limit), NO_LIMIT);
}

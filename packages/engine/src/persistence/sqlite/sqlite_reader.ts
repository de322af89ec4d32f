import { DatabaseSync, type StatementSync } from "node:sqlite";
import { encodeIndexKey, type IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource, SnapshotReader } from "../persistence.ts";
import { documentBound } from "./document_bound.ts";
import { StoredLog } from "./stored_log.ts";

/** SQLite takes limits up to here, and no answer is as long. */
const NO_LIMIT = 2 ** 31 - 1;

export interface SqliteReaderOptions {
  /** How much of the file this connection may keep in memory, in KiB. Default 4096. */
  readonly cacheKibibytes?: number;
}

/** The store's reads, all synchronous. */
export interface SqliteReader extends SnapshotReader {
  head(): Timestamp;
  tail(after: Timestamp, limit: number): Commit[];
  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null;
  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[];
  close(): void;
}

/**
 * A thread's own connection for reading the database at `path`, which `openSqlitePersistence` has opened (in
 * any thread) before. Sees every commit whose append has resolved.
 */
export function openSqliteReader(path: string, options: SqliteReaderOptions = {}): SqliteReader {
  const database = new DatabaseSync(path, { readOnly: true, returnArrays: true, timeout: 5000 });
  database.exec(`PRAGMA cache_size = -${options.cacheKibibytes ?? 4096}; PRAGMA mmap_size = 0`);
  return new ReadConnection(database);
}

type DocumentRow = [ts: Timestamp, size: number, json: string | null];

class ReadConnection implements SqliteReader {
  readonly #database: DatabaseSync;
  readonly #log: StoredLog;
  readonly #document: StatementSync;
  readonly #oldDocument: StatementSync;
  readonly #scans = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#log = new StoredLog(database);
    this.#document = database.prepare("SELECT ts, size, json FROM documents WHERE table_id = ? AND id = ?");
    this.#oldDocument = database.prepare(
      "SELECT ts, size, json FROM old_documents WHERE table_id = ? AND id = ? AND ts <= ? ORDER BY ts DESC LIMIT 1",
    );
  }

  head(): Timestamp {
    return this.#log.head();
  }

  tail(after: Timestamp, limit: number): Commit[] {
    // One view of log and documents, or a prune in between would take documents out of the answer.
    this.#database.exec("BEGIN");
    try {
      return this.#log.tail(after, clampLimit(limit));
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    const row = this.#document.get(tableId, id) as unknown as DocumentRow | undefined;
    if (row === undefined) return null;
    const [ts, size, json] = row;
    if (ts > at) return this.#getOld(tableId, id, at);
    return json === null ? null : { id, json, size };
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return source.kind === "documents"
      ? this.#scanDocuments(source.tableId, range, order, at, clampLimit(limit))
      : this.#scanEntries(source.tableId, source.indexId, range, order, at, clampLimit(limit));
  }

  close(): void {
    this.#database.close();
  }

  /** A version that has been overwritten since: later commits only add more of them, so a second look is safe. */
  #getOld(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    const row = this.#oldDocument.get(tableId, id, at) as unknown as DocumentRow | undefined;
    if (row === undefined || row[2] === null) return null;
    return { id, json: row[2], size: row[1] };
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
      ) as unknown as [id: string, ...DocumentRow][];
      for (const [id, ts, size, json] of found) {
        const document = ts > at ? this.#getOld(tableId, id, at) : json === null ? null : { id, json, size };
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
      const from = Buffer.from(start, "latin1");
      const found = (end === null
        ? statement.all(tableId, indexId, at, wanted, from)
        : statement.all(tableId, indexId, at, wanted, from, Buffer.from(end, "latin1"))) as unknown as [
        key: Uint8Array,
        id: string,
        ...DocumentRow,
      ][];
      for (const [key, id, ts, size, json] of found) {
        const document = ts > at ? this.#getOld(tableId, id, at) : json === null ? null : { id, json, size };
        if (document !== null) rows.push({ key: keyOf(key), document });
      }
      if (found.length < wanted) break;
      const last = keyOf(found[wanted - 1]![0]);
      if (order === "asc") start = `${last}\0`;
      else end = last;
    }
    return rows;
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

// Rows that were not there at `at` are passed over inside SQLite; those that have been overwritten since are
// answered with their new version, which the caller sees by its timestamp and exchanges for the old one.
// A bare parameter as the limit would have SQLite prepare the statement afresh whenever one is bound: 4 µs become 20.
const DOCUMENT_SCAN = `
  SELECT d.id, d.ts, d.size, d.json FROM documents d
  WHERE d.table_id = ?1 AND d.id >= CAST(?2 AS TEXT) AND d.id < CAST(?3 AS TEXT)
    AND CASE WHEN d.ts <= ?4 THEN d.json IS NOT NULL
      ELSE EXISTS (SELECT 1 FROM old_documents o WHERE o.table_id = ?1 AND o.id = d.id AND o.ts <= ?4) END
  ORDER BY d.id $ORDER LIMIT ?5 + 0`;

const ENTRY_SCAN_TO_THE_LAST = entryScan("");
const ENTRY_SCAN = entryScan("AND e.key < ?6");

function entryScan(end: string): string {
  return `
    SELECT e.key, d.id, d.ts, d.size, d.json FROM entries e
    CROSS JOIN documents d ON d.table_id = ?1 AND d.id = CASE WHEN e.ts <= ?3 THEN e.document_id ELSE (
      SELECT o.document_id FROM old_entries o WHERE o.index_id = ?2 AND o.key = e.key AND o.ts <= ?3
      ORDER BY o.ts DESC LIMIT 1) END
    WHERE e.index_id = ?2 AND e.key >= ?5 ${end}
    ORDER BY e.key $ORDER LIMIT ?4 + 0`;
}

function keyOf(bytes: Uint8Array): IndexKey {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function clampLimit(limit: number): number {
  return Math.min(Math.max(0, limit), NO_LIMIT);
}

import { DatabaseSync } from "node:sqlite";
import type { Commit, StoredDocument, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource, SnapshotReader } from "../persistence.ts";
import { StoredSnapshots } from "./stored_snapshots.ts";

export interface SqliteReaderOptions {
  /** How much of the file this connection may keep in memory, in KiB. Default 4096, for the store itself 65536. */
  readonly cacheKibibytes?: number;
}

/** The store's reads, all synchronous. */
export interface SqliteReader extends SnapshotReader {
  head(): Timestamp;
  tail(after: Timestamp, limit: number): Commit[];
  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null;
  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[];
  /**
   * From here on reads share one view of the file, begun by the next of them, until `renew` is called again: what
   * they have read stays in this connection's memory, which another connection's commit otherwise empties. The
   * view has every commit whose append had resolved when `renew` was called.
   */
  renew(): void;
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

/** A connection for reading alone. */
class ReadConnection implements SqliteReader {
  readonly #database: DatabaseSync;
  readonly #snapshots: StoredSnapshots;
  #isHeld = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#snapshots = new StoredSnapshots(database);
  }

  head(): Timestamp {
    return this.#snapshots.head();
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.#snapshots.tail(after, limit);
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.#snapshots.get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return this.#snapshots.scan(source, range, order, at, limit);
  }

  renew(): void {
    // A transaction that has not read yet holds nothing: an idle lane keeps nobody from moving the log.
    if (this.#isHeld) this.#database.exec("COMMIT");
    this.#database.exec("BEGIN");
    this.#isHeld = true;
  }

  close(): void {
    this.#database.close();
  }
}

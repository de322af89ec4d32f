import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type {
  AppendResult,
  Discarded,
  IndexRow,
  KeyRange,
  Persistence,
  ScanOrder,
  ScanSource,
} from "../persistence.ts";
import { type DataLock, lockData } from "./data_lock.ts";
import { SharedReads } from "./shared_reads.ts";
import { explainFailure } from "./sqlite_failure.ts";
import type { SqliteReaderOptions } from "./sqlite_reader.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { prepareStoreFile } from "./store_file.ts";
import { WriteQueue } from "./write_queue.ts";

/** In KiB. It serves the reads of mutations as well as the writes. */
const CACHE = 65_536;

export interface SqliteOptions extends SqliteReaderOptions {
  /** The database file; it and its folder are created when they are missing. */
  readonly path: string;
}

/**
 * Opens the database at `path` for this process alone. Reads and writes run in the calling thread, on one
 * connection; other threads open theirs with `openSqliteReader`. Throws a `StoreError` with the code `IN_USE`,
 * `NEWER_FORMAT`, `OLDER_FORMAT` or `NOT_A_STORE`, with nothing written.
 */
export function openSqlitePersistence(options: SqliteOptions): Persistence {
  mkdirSync(dirname(options.path), { recursive: true });
  const lock = lockData(options.path);
  try {
    prepareStoreFile(options.path);
    return openPreparedFile(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A handle on a file that is ready and locked; `lock` is released when it closes. */
export function openPreparedFile(
  { path, cacheKibibytes }: SqliteOptions,
  lock: DataLock | null,
): Persistence {
  try {
    const writer = new SqliteWriter(path, cacheKibibytes ?? CACHE);
    return new SqlitePersistence(new SharedReads(writer), new WriteQueue(writer, path), lock);
  } catch (error) {
    throw explainFailure(error, path);
  }
}

class SqlitePersistence implements Persistence {
  readonly #reads: SharedReads;
  readonly #writes: WriteQueue;
  readonly #lock: DataLock | null;
  #closed: Promise<void> | null = null;

  constructor(reads: SharedReads, writes: WriteQueue, lock: DataLock | null) {
    this.#reads = reads;
    this.#writes = writes;
    this.#lock = lock;
  }

  head(): Timestamp {
    return this.#reads.head();
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.#reads.get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return this.#reads.scan(source, range, order, at, limit);
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.#reads.tail(after, limit);
  }

  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    return this.#writes.append(head, commits);
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#writes.prune(horizon, budget);
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.#writes.discard(what, budget);
  }

  backfill(
    indexId: IndexId,
    entries: readonly { key: IndexKey; documentId: string; ts: Timestamp }[],
  ): Promise<void> {
    return this.#writes.backfill(indexId, entries);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      // The writer closes last, and with the last connection the WAL goes into the database.
      this.#reads.close();
      await this.#writes.close();
    } finally {
      this.#lock?.release();
    }
  }
}

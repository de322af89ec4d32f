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
  SynchronousAppend,
} from "../persistence.ts";
import { type DataLock, lockData } from "./data_lock.ts";
import { SharedReads } from "./shared_reads.ts";
import { explainFailure } from "./sqlite_failure.ts";
import { openSqliteReader, type SqliteReader, type SqliteReaderOptions } from "./sqlite_reader.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { prepareStoreFile } from "./store_file.ts";
import { WriteQueue, type Writes } from "./write_queue.ts";
import { WriterThread } from "./writer_thread.ts";

/** In KiB. It serves the reads of mutations as well as the writes. */
const INLINE_CACHE = 32_768;

export interface SqliteOptions extends SqliteReaderOptions {
  /** The database file; it and its folder are created when they are missing. */
  readonly path: string;
  /** Where the writes run: in a thread of their own (default), or in the caller's, between its other work. */
  readonly writer?: "thread" | "inline";
}

/** A store whose reads and writes all run in the caller's thread, over one connection. */
export type InlineSqlitePersistence = Persistence &
  SynchronousAppend & {
    /** The store's own reads, for who asks for a reader: they see each append as soon as it has ended. */
    readonly reader: SqliteReader;
  };

/**
 * Opens the database at `path` for this process alone. Its reads are synchronous, on the calling thread's own
 * connection; other threads open theirs with `openSqliteReader`. Throws a `StoreError` with the code `IN_USE`,
 * `NEWER_FORMAT`, `OLDER_FORMAT` or `NOT_A_STORE`, with nothing written.
 */
export function openSqlitePersistence(
  options: SqliteOptions & { readonly writer: "inline" },
): InlineSqlitePersistence;
export function openSqlitePersistence(options: SqliteOptions): Persistence;
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
export function openPreparedFile(options: SqliteOptions, lock: DataLock | null): Persistence {
  try {
    return options.writer === "inline" ? openInline(options, lock) : openThreaded(options, lock);
  } catch (error) {
    throw explainFailure(error, options.path);
  }
}

function openThreaded(options: SqliteOptions, lock: DataLock | null): Persistence {
  const reader = openSqliteReader(options.path, options);
  return new SqlitePersistence(reader, new WriterThread(options.path), lock);
}

function openInline({ path, cacheKibibytes }: SqliteOptions, lock: DataLock | null): InlineSqlitePersistence {
  const writer = new SqliteWriter(path, cacheKibibytes ?? INLINE_CACHE);
  return new InlinePersistence(new SharedReads(writer), new WriteQueue(writer, path), lock);
}

class SqlitePersistence<W extends Writes = Writes> implements Persistence {
  readonly reader: SqliteReader;
  protected readonly writes: W;
  readonly #lock: DataLock | null;
  #closed: Promise<void> | null = null;

  constructor(reader: SqliteReader, writes: W, lock: DataLock | null) {
    this.reader = reader;
    this.writes = writes;
    this.#lock = lock;
  }

  head(): Timestamp {
    return this.reader.head();
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.reader.get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return this.reader.scan(source, range, order, at, limit);
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.reader.tail(after, limit);
  }

  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    return this.writes.append(head, commits);
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.writes.prune(horizon, budget);
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.writes.discard(what, budget);
  }

  backfill(
    indexId: IndexId,
    entries: readonly { key: IndexKey; documentId: string; ts: Timestamp }[],
  ): Promise<void> {
    return this.writes.backfill(indexId, entries);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      // The writer closes last, and with the last connection the WAL goes into the database.
      this.reader.close();
      await this.writes.close();
    } finally {
      this.#lock?.release();
    }
  }
}

class InlinePersistence extends SqlitePersistence<WriteQueue> implements InlineSqlitePersistence {
  appendNow(head: Timestamp, commits: readonly Commit[]): AppendResult {
    return this.writes.appendNow(head, commits);
  }
}

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Commit, IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult, Discarded } from "../persistence.ts";
import { assertAscending, behindRetention } from "../store_error.ts";
import { type BackfillEntry, backfill } from "./backfilling.ts";
import { discard } from "./discarding.ts";
import { encodeLogBody, removesSomething } from "./log_body.ts";
import { NewestVersions } from "./newest_versions.ts";
import { prune } from "./pruning.ts";
import type { SlicedWork } from "./sliced_work.ts";
import { explainFailure } from "./sqlite_failure.ts";
import { StoredLog } from "./stored_log.ts";

/** How long a write waits for another connection's: only tests have one. */
const WAIT_FOR_WRITER_MS = 5000;

/**
 * The one connection that writes a database which `prepareStoreFile` has made ready. Synchronous: `WriteQueue`
 * decides what it does when.
 *
 * `synchronous = NORMAL`, with which SQLite syncs whatever has to be on disk before something else, but not each
 * commit: that `WriteQueue` does, by syncing the write-ahead log, while this connection is at work again.
 */
export class SqliteWriter {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #log: StoredLog;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #newest: NewestVersions;
  readonly #putLog: StatementSync;
  readonly #walState: StatementSync;
  readonly #moveWal: StatementSync;

  /** `cacheKibibytes` is how much of the file the connection may keep in memory. */
  constructor(path: string, cacheKibibytes = 16_384) {
    this.#path = path;
    this.#database = new DatabaseSync(path, { returnArrays: true, timeout: WAIT_FOR_WRITER_MS });
    // To write a file over is cheaper than to let it grow: a WAL of up to 128 MB is kept until the store is idle.
    this.#database.exec(`
      PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 134217728;
      PRAGMA cache_size = -${cacheKibibytes}; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0`);
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#log = new StoredLog(this.#database);
    this.#begin = prepare("BEGIN IMMEDIATE");
    this.#commit = prepare("COMMIT");
    this.#newest = new NewestVersions(this.#database);
    this.#putLog = prepare("INSERT INTO log VALUES (?, ?, ?, ?)");
    this.#walState = prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#moveWal = prepare("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** The underlying connection, for reads between writes; it answers rows as arrays. */
  get database(): DatabaseSync {
    return this.#database;
  }

  get walPath(): string {
    return `${this.#path}-wal`;
  }

  /**
   * The conditional append of `Persistence`, not synced to disk yet. Throws a `StoreError`, with nothing written, when
   * the database fails or what it is asked for cannot be.
   */
  append(expected: Timestamp, commits: readonly Commit[]): AppendResult {
    return this.#transaction(() => {
      const { head, undo: firstUndo } = this.#log.end();
      if (expected !== head) {
        const start = this.#log.start();
        if (expected < start) throw behindRetention(expected, start);
        return { appended: false, missed: this.#log.tail(expected, -1) };
      }
      assertAscending(head, commits);
      let undo = firstUndo;
      for (const commit of commits) undo = this.#write(commit, undo, head);
      return { appended: true };
    });
  }

  /** One slice of `work`, as one transaction. It is not synced by itself: the next append's sync covers it. */
  slice<T>(work: SlicedWork<T>): IteratorResult<undefined, T> {
    return this.#transaction(() => work.next());
  }

  /** See `Persistence.prune`. */
  prune(horizon: Timestamp, budget: number): SlicedWork<number> {
    return prune(this.#database, horizon, budget);
  }

  /** See `Persistence.discard`. */
  discard(what: Discarded, budget: number): SlicedWork<number> {
    return discard(this.#database, what, budget);
  }

  /** See `Persistence.backfill`. */
  backfill(indexId: IndexId, entries: readonly BackfillEntry[]): SlicedWork<void> {
    return backfill(this.#database, indexId, entries);
  }

  /** How many pages the WAL holds, and how many of them have been moved into the database. */
  walState(): { pages: number; moved: number } {
    const [, pages, moved] = this.#walState.get() as unknown as [busy: number, pages: number, moved: number];
    return { pages, moved };
  }

  /** Moves the WAL into the database, as far as no reader still needs it. Readers are not disturbed. */
  moveWal(): void {
    this.#moveWal.get();
  }

  /** Moves the WAL into the database and gives its space back, unless a reader is in the way for so long. */
  truncateWal(patienceMs: number): void {
    this.#database.exec(
      `PRAGMA busy_timeout = ${patienceMs}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = ${WAIT_FOR_WRITER_MS}`,
    );
  }

  /** Gives back the pages kept in memory. */
  releaseMemory(): void {
    this.#database.exec("PRAGMA shrink_memory");
  }

  close(): void {
    this.#database.close();
  }

  /** Answers the next place in `undo`. One is set aside for each write, which takes it if it overwrites something. */
  #write(commit: Commit, firstUndo: number, headBefore: Timestamp): number {
    const { ts } = commit;
    const moment = { ts, headBefore };
    let undo = firstUndo;
    for (const write of commit.documents) this.#newest.putDocument(write, moment, undo++);
    for (const write of commit.indexEntries) this.#newest.putEntry(write, moment, undo++);
    this.#putLog.run(ts, undo, removesSomething(commit) ? 1 : 0, encodeLogBody(commit));
    return undo;
  }

  #transaction<T>(body: () => T): T {
    try {
      this.#begin.run();
      const value = body();
      this.#commit.run();
      return value;
    } catch (error) {
      // Some failures have rolled back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw explainFailure(error, this.#path);
    }
  }
}

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult } from "../persistence.ts";
import { assertAscending, behindRetention, StoreError } from "../store_error.ts";
import { decodeLogBody, encodeLogBody, type LogBody } from "./log_body.ts";
import { explainFailure } from "./sqlite_failure.ts";
import { StoredLog } from "./stored_log.ts";

export interface AppendRequest {
  readonly head: Timestamp;
  readonly commits: readonly Commit[];
}

export interface BackfillEntry {
  readonly key: IndexKey;
  readonly documentId: string;
  readonly ts: Timestamp;
}

/** Work that may pause between slices: `next` does one slice and says when it was the last. */
export type SlicedWork<T> = Generator<undefined, T, undefined>;

/** Rows that a slice changes at most: a few milliseconds, even when their pages have to be fetched. */
const SLICE_ROWS = 128;

/** When the WAL has grown to so many pages (of 4 KiB), its content is moved into the database. */
const CHECKPOINT_PAGES = 1000;

/** So long a WAL means that readers always stood in the way: then the writer waits for them, this long. */
const OVERLONG_WAL_PAGES = 16 * CHECKPOINT_PAGES;
const WAIT_FOR_READERS_MS = 50;

/** How long a write waits for another connection's: only tests have one. */
const WAIT_FOR_WRITER_MS = 5000;

/**
 * The one connection that writes a database which `prepareStoreFile` has made ready. Synchronous: `WriteQueue`
 * decides what it does when, `writer_thread.ts` in which thread.
 */
export class SqliteWriter {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #log: StoredLog;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #putDocument: StatementSync;
  readonly #putEntry: StatementSync;
  readonly #putLog: StatementSync;
  readonly #walSize: StatementSync;

  constructor(path: string) {
    this.#path = path;
    this.#database = new DatabaseSync(path, { returnArrays: true, timeout: WAIT_FOR_WRITER_MS });
    this.#database.exec(`
      PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16777216;
      PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0`);
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#log = new StoredLog(this.#database);
    this.#begin = prepare("BEGIN IMMEDIATE");
    this.#commit = prepare("COMMIT");
    this.#putDocument = prepare(`
      INSERT INTO documents VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET ts = excluded.ts, size = excluded.size, json = excluded.json`);
    this.#putEntry = prepare(`
      INSERT INTO entries VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET ts = excluded.ts, document_id = excluded.document_id`);
    this.#putLog = prepare("INSERT INTO log VALUES (?, ?)");
    this.#walSize = prepare("PRAGMA wal_checkpoint(NOOP)");
  }

  /** The underlying connection, so that tests can make the real library fail. */
  get database(): DatabaseSync {
    return this.#database;
  }

  /**
   * Carries out conditional appends, in order, in one transaction and one sync to disk. A request that is
   * refused has an error or `appended: false` in its place. Throws, with nothing of any request written,
   * when the database fails.
   */
  append(requests: readonly AppendRequest[]): (AppendResult | StoreError)[] {
    return this.#transaction(() => {
      let head = this.#log.head();
      return requests.map((request) => {
        const refusal = this.#refusal(head, request);
        if (refusal !== null) return refusal;
        for (const commit of request.commits) {
          this.#write(commit);
          head = commit.ts;
        }
        return { appended: true };
      });
    });
  }

  /** One slice of `work`, as one transaction. It is not synced by itself: the next append's sync covers it. */
  slice<T>(work: SlicedWork<T>): IteratorResult<undefined, T> {
    this.#database.exec("PRAGMA synchronous = NORMAL");
    try {
      return this.#transaction(() => work.next());
    } finally {
      this.#database.exec("PRAGMA synchronous = FULL");
    }
  }

  /** See `Persistence.prune`. A commit counts when all that it superseded is gone. */
  *prune(horizon: Timestamp, budget: number): SlicedWork<number> {
    const prepare = (sql: string) => this.#database.prepare(sql);
    const oldest = prepare("SELECT ts, body FROM log WHERE ts <= ? AND body IS NOT NULL ORDER BY ts LIMIT 1");
    const old = {
      document: prepare("DELETE FROM old_documents WHERE table_id = ? AND id = ? AND ts < ?"),
      entry: prepare("DELETE FROM old_entries WHERE index_id = ? AND key = ? AND ts < ?"),
    };
    // A removal is given back too, and with it every trace of its key, unless the key was written again.
    const removal = {
      document: prepare("DELETE FROM documents WHERE table_id = ? AND id = ? AND ts = ? AND json IS NULL"),
      oldDocument: prepare(
        "DELETE FROM old_documents WHERE table_id = ? AND id = ? AND ts = ? AND json IS NULL",
      ),
      entry: prepare("DELETE FROM entries WHERE index_id = ? AND key = ? AND ts = ? AND document_id IS NULL"),
      oldEntry: prepare(
        "DELETE FROM old_entries WHERE index_id = ? AND key = ? AND ts = ? AND document_id IS NULL",
      ),
    };
    // The head stays as an empty row, until a later commit is the head.
    const dropBefore = prepare("DELETE FROM log WHERE ts < ?");
    const empty = prepare("UPDATE log SET body = NULL WHERE ts = ?");
    const setStart = prepare("UPDATE retention SET log_start = ?");

    let rows = 0;
    for (let count = 0; ; count++) {
      if (count >= budget) return count;
      const row = oldest.get(horizon) as unknown as [Timestamp, string] | undefined;
      if (row === undefined) return count;
      const [ts, text] = row;
      const body: LogBody = decodeLogBody(text);
      for (const { tableId, id, removed } of body.documents) {
        old.document.run(tableId, id, ts);
        if (removed) {
          removal.document.run(tableId, id, ts);
          removal.oldDocument.run(tableId, id, ts);
        }
        if (++rows % SLICE_ROWS === 0) yield;
      }
      for (const { indexId, key, documentId } of body.indexEntries) {
        const bytes = Buffer.from(key, "latin1");
        old.entry.run(indexId, bytes, ts);
        if (documentId === null) {
          removal.entry.run(indexId, bytes, ts);
          removal.oldEntry.run(indexId, bytes, ts);
        }
        if (++rows % SLICE_ROWS === 0) yield;
      }
      setStart.run(ts);
      dropBefore.run(ts);
      empty.run(ts);
      if (++rows % SLICE_ROWS === 0) yield;
    }
  }

  /** See `Persistence.backfill`. */
  *backfill(indexId: IndexId, entries: readonly BackfillEntry[]): SlicedWork<void> {
    const put = this.#database.prepare(`
      INSERT INTO entries VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET ts = excluded.ts, document_id = excluded.document_id WHERE excluded.ts > ts`);
    // Behind a version that is newer, which is a removal as a rule.
    const putOld = this.#database.prepare(`
      INSERT INTO old_entries SELECT ?1, ?2, ?3, ?4
      WHERE EXISTS (SELECT 1 FROM entries WHERE index_id = ?1 AND key = ?2 AND ts > ?3)
      ON CONFLICT DO NOTHING`);
    let rows = 0;
    for (const { key, documentId, ts } of entries) {
      const bytes = Buffer.from(key, "latin1");
      if (put.run(indexId, bytes, ts, documentId).changes === 0) putOld.run(indexId, bytes, ts, documentId);
      if (++rows % SLICE_ROWS === 0) yield;
    }
  }

  /** Moves the WAL into the database when it has grown large. Readers are not disturbed. */
  checkpointWhenLarge(): void {
    const [, pages] = this.#walSize.get() as unknown as [busy: number, pages: number, moved: number];
    if (pages < CHECKPOINT_PAGES) return;
    if (pages < OVERLONG_WAL_PAGES) this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    else this.#truncateWal(WAIT_FOR_READERS_MS);
  }

  /** Moves the WAL into the database and gives its space back, unless a reader is in the way right now. */
  checkpointWhenIdle(): void {
    this.#truncateWal(0);
  }

  close(): void {
    this.#database.close();
  }

  #refusal(head: Timestamp, request: AppendRequest): AppendResult | StoreError | null {
    if (request.head !== head) {
      const start = this.#log.start();
      if (request.head < start) return behindRetention(request.head, start);
      return { appended: false, missed: this.#log.tail(request.head, -1) };
    }
    try {
      assertAscending(head, request.commits);
      return null;
    } catch (error) {
      if (error instanceof StoreError) return error;
      throw error;
    }
  }

  #write(commit: Commit): void {
    const { ts } = commit;
    for (const { tableId, id, document } of commit.documents) {
      this.#putDocument.run(tableId, id, ts, document?.size ?? 0, document?.json ?? null);
    }
    for (const { indexId, key, documentId } of commit.indexEntries) {
      this.#putEntry.run(indexId, Buffer.from(key, "latin1"), ts, documentId);
    }
    this.#putLog.run(ts, encodeLogBody(commit));
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

  #truncateWal(patienceMs: number): void {
    this.#database.exec(
      `PRAGMA busy_timeout = ${patienceMs}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = ${WAIT_FOR_WRITER_MS}`,
    );
  }
}

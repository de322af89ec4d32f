import type { Commit, IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult, Discarded } from "../persistence.ts";
import { closedStore } from "../store_error.ts";
import type { BackfillEntry } from "./backfilling.ts";
import { Checkpointing } from "./checkpointing.ts";
import { FileSync, type SyncFile } from "./file_sync.ts";
import type { SlicedWork } from "./sliced_work.ts";
import type { SqliteWriter } from "./sqlite_writer.ts";

interface Job {
  /** Does one slice; true when it was the last. */
  readonly step: () => boolean;
  readonly fail: (error: unknown) => void;
}

/** Quiet for so long, the queue has the WAL moved away. */
const IDLE_MS = 1000;

/**
 * Decides what the writer does when. An append is carried out at once, and is put on disk while this thread goes on;
 * between two turns of the event loop at most one slice of the pruning or backfilling is done.
 */
export class WriteQueue {
  readonly #writer: SqliteWriter;
  readonly #checkpointing: Checkpointing;
  readonly #wal: FileSync;
  /** In turn: after its slice a job goes to the end. */
  readonly #jobs: Job[] = [];
  #scheduled = false;
  #isShut = false;
  #checkpointDue = false;
  #idle: NodeJS.Timeout | null = null;
  #closed: PromiseWithResolvers<void> | null = null;
  /** Appends that wait for the disk. */
  #syncing = 0;

  /** With the database's path, a thread of its own moves the WAL when there is much of it. */
  constructor(writer: SqliteWriter, checkpointerPath: string | null = null, syncFile?: SyncFile) {
    this.#writer = writer;
    this.#wal = new FileSync(writer.walPath, syncFile);
    const more = () => {
      this.#checkpointDue = true;
      this.#schedule();
    };
    this.#checkpointing = new Checkpointing(
      writer,
      checkpointerPath === null ? null : { path: checkpointerPath, more },
    );
  }

  /**
   * Writes within this call; resolves when it would survive a power failure. Rejects with nothing written, except
   * with `NOT_SYNCED`.
   */
  async append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    this.#assertOpen();
    const result = this.#writer.append(head, commits);
    this.#checkpointDue = true;
    this.#schedule();
    if (!result.appended || commits.length === 0) return result;
    this.#syncing++;
    try {
      await this.#wal.sync();
    } finally {
      this.#syncing--;
      if (this.#closed !== null) this.#schedule();
    }
    return result;
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#enqueue(() => this.#writer.prune(horizon, budget));
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.#enqueue(() => this.#writer.discard(what, budget));
  }

  backfill(indexId: IndexId, entries: readonly BackfillEntry[]): Promise<void> {
    return this.#enqueue(() => this.#writer.backfill(indexId, entries));
  }

  close(): Promise<void> {
    if (this.#closed === null) {
      this.#closed = Promise.withResolvers();
      this.#schedule();
    }
    return this.#closed.promise;
  }

  #enqueue<T>(begin: () => SlicedWork<T>): Promise<T> {
    return new Promise((resolve, fail) => {
      this.#assertOpen();
      const work = begin();
      const step = () => {
        const { done, value } = this.#writer.slice(work);
        if (done) resolve(value);
        return done === true;
      };
      this.#jobs.push({ step, fail });
      this.#schedule();
    });
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw closedStore();
  }

  #schedule(): void {
    if (this.#scheduled || this.#isShut) return;
    this.#scheduled = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    // In the turn after the one that wrote, so that those who wait for the write are not kept for it.
    if (this.#checkpointDue) this.#checkpointing.step();
    this.#checkpointDue = this.#jobs.length > 0;
    this.#stepJob();
    if (this.#checkpointDue) this.#schedule();
    else if (this.#closed === null) this.#waitForIdleness();
    else if (this.#syncing === 0) void this.#shut(this.#closed);
  }

  #stepJob(): void {
    const job = this.#jobs.shift();
    if (job === undefined) return;
    try {
      if (!job.step()) this.#jobs.push(job);
    } catch (error) {
      job.fail(error);
    }
  }

  #waitForIdleness(): void {
    this.#idle = setTimeout(() => this.#checkpointing.idle(), IDLE_MS);
    this.#idle.unref();
  }

  async #shut(closed: PromiseWithResolvers<void>): Promise<void> {
    this.#isShut = true;
    try {
      await this.#checkpointing.close();
      this.#wal.close();
      this.#writer.close();
      closed.resolve();
    } catch (error) {
      closed.reject(error);
    }
  }
}

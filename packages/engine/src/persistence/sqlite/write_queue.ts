import type { Commit, IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult, Discarded } from "../persistence.ts";
import { closedStore, StoreError } from "../store_error.ts";
import type { BackfillEntry } from "./backfilling.ts";
import { Checkpointing } from "./checkpointing.ts";
import type { SlicedWork } from "./sliced_work.ts";
import type { AppendRequest, SqliteWriter } from "./sqlite_writer.ts";

/** The store's writes, wherever they are carried out. */
export interface Writes {
  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult>;
  prune(horizon: Timestamp, budget: number): Promise<number>;
  discard(what: Discarded, budget: number): Promise<number>;
  backfill(indexId: IndexId, entries: readonly BackfillEntry[]): Promise<void>;
  /** Carries out what was asked for before, then closes the connection. */
  close(): Promise<void>;
}

interface WaitingAppend extends AppendRequest {
  readonly settle: (result: AppendResult | StoreError) => void;
  readonly fail: (error: unknown) => void;
}

interface Job {
  /** Does one slice; true when it was the last. */
  readonly step: () => boolean;
  readonly fail: (error: unknown) => void;
}

/** Quiet for so long, the queue has the WAL moved away. */
const IDLE_MS = 1000;

/**
 * Decides what the writer does next. All appends that wait go into one transaction; between two such
 * transactions at most one slice of the pruning or backfilling is done, so that neither starves the other.
 */
export class WriteQueue implements Writes {
  readonly #writer: SqliteWriter;
  readonly #checkpointing: Checkpointing;
  #appends: WaitingAppend[] = [];
  /** In turn: after its slice a job goes to the end. */
  readonly #jobs: Job[] = [];
  #scheduled = false;
  #isShut = false;
  #checkpointDue = false;
  #idle: NodeJS.Timeout | null = null;
  #closed: PromiseWithResolvers<void> | null = null;

  /** With the database's path, a thread of its own moves the WAL when there is much of it. */
  constructor(writer: SqliteWriter, checkpointerPath: string | null = null) {
    this.#writer = writer;
    const more = () => {
      this.#checkpointDue = true;
      this.#schedule();
    };
    this.#checkpointing = new Checkpointing(
      writer,
      checkpointerPath === null ? null : { path: checkpointerPath, more },
    );
  }

  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    return new Promise((resolve, fail) => {
      this.#assertOpen();
      const settle = (result: AppendResult | StoreError) =>
        result instanceof StoreError ? fail(result) : resolve(result);
      this.#appends.push({ head, commits, settle, fail });
      this.#schedule();
    });
  }

  /** Appends at once, behind the appends that wait. Throws a `StoreError`, with nothing written, on failure. */
  appendNow(head: Timestamp, commits: readonly Commit[]): AppendResult {
    this.#assertOpen();
    this.#appendAll();
    const [result] = this.#writer.append([{ head, commits }]);
    this.#checkpointDue = true;
    this.#schedule();
    if (result instanceof StoreError) throw result;
    return result!;
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

  /** A turn of its own lets everything that has arrived meanwhile come along. */
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
    this.#checkpointDue = this.#appends.length > 0 || this.#jobs.length > 0;
    this.#appendAll();
    this.#stepJob();
    if (this.#checkpointDue) this.#schedule();
    else if (this.#closed !== null) void this.#shut(this.#closed);
    else this.#waitForIdleness();
  }

  #appendAll(): void {
    if (this.#appends.length === 0) return;
    const appends = this.#appends;
    this.#appends = [];
    try {
      const results = this.#writer.append(appends);
      for (let i = 0; i < appends.length; i++) appends[i]!.settle(results[i]!);
    } catch (error) {
      for (const { fail } of appends) fail(error);
    }
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
      this.#writer.close();
      closed.resolve();
    } catch (error) {
      closed.reject(error);
    }
  }
}

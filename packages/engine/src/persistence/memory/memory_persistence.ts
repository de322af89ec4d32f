import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../../log/commit.ts";
import type { MaybePromise } from "../../maybe_promise.ts";
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
import { assertAscending, behindRetention, closedStore } from "../store_error.ts";
import { MemoryStore } from "./memory_store.ts";

/**
 * Stands where a disk would: every batch passes through it before it exists. It may take its time, and it may
 * reject, in which case the batch was never written.
 */
export interface Disk {
  write(commits: readonly Commit[]): MaybePromise<void>;
}

const instantDisk: Disk = { write: () => undefined };

interface Flight {
  readonly commits: readonly Commit[];
  lost: boolean;
}

/**
 * What survives when handles are closed or crash. For the simulation: handles opened on one medium share its
 * data as processes share a database, and a crash takes all of them.
 */
export class MemoryMedium {
  readonly #store = new MemoryStore();
  /** Appends go one after another, whichever handle they come from; settled or not, it never rejects. */
  #queue: MaybePromise<void> = undefined;
  #flight: Flight | null = null;
  #power = { on: true };

  open(disk: Disk = instantDisk): Persistence {
    return new MemoryPersistence(this.#store, this.#power, (head, commits) =>
      this.#enqueue(disk, head, commits),
    );
  }

  /**
   * Takes the power from every handle: none of their promises settles any more. The batch that was on its way to
   * the disk either got there whole, unacknowledged, or is gone; batches waiting behind it are gone.
   */
  crash(fate: { inFlight: "written" | "lost" }): void {
    this.#power.on = false;
    this.#power = { on: true };
    this.#queue = undefined;
    if (this.#flight !== null) {
      this.#flight.lost = true;
      if (fate.inFlight === "written") this.#store.apply(this.#flight.commits);
      this.#flight = null;
    }
  }

  async #enqueue(disk: Disk, head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    const power = this.#power;
    const turn = this.#queue;
    const ended = Promise.withResolvers<void>();
    this.#queue = ended.promise;
    if (turn !== undefined) await turn;
    if (!power.on) return never();
    try {
      return await this.#append(disk, head, commits);
    } finally {
      if (this.#queue === ended.promise) this.#queue = undefined;
      ended.resolve();
    }
  }

  async #append(disk: Disk, head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    const store = this.#store;
    if (store.head !== head) {
      if (head < store.logStart) throw behindRetention(head, store.logStart);
      return { appended: false, missed: store.tail(head, Number.POSITIVE_INFINITY) };
    }
    assertAscending(head, commits);
    const flight: Flight = { commits, lost: false };
    this.#flight = flight;
    try {
      const written = disk.write(commits);
      if (written instanceof Promise) await written;
    } catch (error) {
      if (flight.lost) return never();
      throw error;
    } finally {
      if (this.#flight === flight) this.#flight = null;
    }
    if (flight.lost) return never();
    store.apply(commits);
    return { appended: true };
  }
}

/** A store in memory, for tests and the simulation. Nothing survives the process. */
export function openMemoryPersistence(options: { readonly disk?: Disk } = {}): Persistence {
  return new MemoryMedium().open(options.disk);
}

class MemoryPersistence implements Persistence {
  readonly #store: MemoryStore;
  readonly #power: { readonly on: boolean };
  readonly #append: (head: Timestamp, commits: readonly Commit[]) => Promise<AppendResult>;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(
    store: MemoryStore,
    power: { readonly on: boolean },
    append: (head: Timestamp, commits: readonly Commit[]) => Promise<AppendResult>,
  ) {
    this.#store = store;
    this.#power = power;
    this.#append = append;
  }

  head(): Timestamp {
    return this.#open().head;
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.#open().get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return this.#open().scan(source, range, order, at, limit);
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.#open().tail(after, limit);
  }

  async append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    this.#open();
    const appending = this.#append(head, commits);
    this.#running.add(appending);
    try {
      return await appending;
    } finally {
      this.#running.delete(appending);
    }
  }

  async prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#open().prune(horizon, budget);
  }

  async discard(what: Discarded, budget: number): Promise<number> {
    return this.#open().discard(what, budget);
  }

  async backfill(
    indexId: IndexId,
    entries: readonly { key: IndexKey; documentId: string; ts: Timestamp }[],
  ): Promise<void> {
    this.#open().backfill(indexId, entries);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#power.on) await Promise.allSettled(this.#running);
  }

  #open(): MemoryStore {
    if (this.#closed) throw closedStore();
    if (!this.#power.on) throw new Error("This store went down in a simulated crash: open its medium again.");
    return this.#store;
  }
}

/** What a caller in a crashed process waits for. */
function never(): Promise<never> {
  return new Promise(() => {});
}

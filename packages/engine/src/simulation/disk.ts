import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../log/commit.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import { MemoryStore } from "../persistence/memory/memory_store.ts";
import type {
  AppendResult,
  Discarded,
  IndexRow,
  KeyRange,
  Persistence,
  ScanOrder,
  ScanSource,
  SnapshotReader,
} from "../persistence/persistence.ts";
import { assertAscending, behindRetention, closedStore, StoreError } from "../persistence/store_error.ts";
import type { Timestamp } from "../timestamp.ts";
import { never, type Process, type World } from "./world.ts";

type BackfillEntry = { key: IndexKey; documentId: string; ts: Timestamp };

type Frame =
  | { readonly kind: "batch"; readonly commits: readonly Commit[] }
  | { readonly kind: "backfill"; readonly indexId: IndexId; readonly entries: readonly BackfillEntry[] };

export interface DiskFaults {
  /** Probability that an append is refused for want of space. */
  readonly full: number;
  /** Probability that a read is answered later, as a database across a network does. */
  readonly lateReads: number;
  /** The longest way of a write to the platter, in pauses. */
  readonly longestWrite: number;
}

export const FAULTLESS: DiskFaults = { full: 0, lateReads: 0, longestWrite: 0 };

const SECTOR = 128;

/**
 * A disk with a log on it: frames with checksums, written in sectors. A write that has not been synced when
 * the power goes is there, or gone, or torn: any of its sectors may be missing. What is read back is every
 * frame up to the first that is not whole.
 */
export class SimulatedDisk {
  faults: DiskFaults = FAULTLESS;
  /** How many batches were torn, lost or written unacknowledged by crashes, how many appends failed. */
  readonly counts = { torn: 0, lost: 0, writtenUnacknowledged: 0, failed: 0 };
  readonly #world: World;
  /** What the platter holds. */
  #sectors: string[] = [];
  /** On its way there. */
  #unsynced: string[] = [];
  #syncedFrames = 0;
  #store = new MemoryStore();
  /** Everything committed, also what retention has given back. */
  #commits: Commit[] = [];
  #queue: Promise<void> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Every commit on the platter, in order. */
  get commits(): readonly Commit[] {
    return this.#commits;
  }

  /** What is stored, asked without going through a process. */
  get reader(): SnapshotReader {
    return this.#store;
  }

  open(process: Process): Persistence {
    return new OpenDisk(this, process);
  }

  /** The power goes. Processes that had the disk open must be dead. */
  crash(): void {
    const { random } = this.#world;
    if (this.#unsynced.length > 0) {
      const fate = random.integer(4);
      let written: string[];
      if (fate === 0) written = [];
      else if (fate === 1) written = this.#unsynced;
      else if (fate === 2) written = this.#unsynced.slice(0, random.integer(this.#unsynced.length));
      else
        written = this.#unsynced.map((sector) => (random.chance(0.6) ? sector : "\0".repeat(sector.length)));
      this.#sectors.push(...written);
      this.#unsynced = [];
      if (written.length === 0) this.counts.lost++;
    }
    this.#queue = undefined;
    this.#recover();
  }

  /** Reads the log from the start, and cuts off what is not whole. */
  #recover(): void {
    const text = this.#sectors.join("");
    this.#store = new MemoryStore();
    this.#commits = [];
    let at = 0;
    let frames = 0;
    for (;;) {
      const header = /^(\d+):(\d+):/.exec(text.slice(at, at + 32));
      if (header === null) break;
      const start = at + header[0].length;
      const body = text.slice(start, start + Number(header[1]));
      if (body.length !== Number(header[1]) || checksum(body) !== Number(header[2])) break;
      this.#apply(JSON.parse(body) as Frame);
      frames++;
      at = start + body.length;
    }
    if (at < text.length) this.counts.torn++;
    if (frames > this.#syncedFrames) this.counts.writtenUnacknowledged++;
    if (frames < this.#syncedFrames || frames > this.#syncedFrames + 1) {
      throw new Error(
        `The simulated disk has lost its way: ${this.#syncedFrames} frames were synced, ${frames} came back.`,
      );
    }
    this.#syncedFrames = frames;
    this.#sectors = at === 0 ? [] : [text.slice(0, at)];
  }

  #apply(frame: Frame): void {
    if (frame.kind === "backfill") {
      this.#store.backfill(frame.indexId, frame.entries);
      return;
    }
    this.#store.apply(frame.commits);
    this.#commits.push(...frame.commits);
  }

  /** One write after another, whichever process it comes from. */
  async inTurn<T>(process: Process, write: () => Promise<T>): Promise<T> {
    const turn = this.#queue;
    const ended = Promise.withResolvers<void>();
    this.#queue = ended.promise;
    if (turn !== undefined) await turn;
    if (!process.alive) return never();
    try {
      return await write();
    } finally {
      if (this.#queue === ended.promise) this.#queue = undefined;
      ended.resolve();
    }
  }

  async append(process: Process, head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    if (this.#store.head !== head) {
      if (head < this.#store.logStart) throw behindRetention(head, this.#store.logStart);
      return { appended: false, missed: this.#store.tail(head, Number.POSITIVE_INFINITY) };
    }
    assertAscending(head, commits);
    await this.#write(process, { kind: "batch", commits });
    return { appended: true };
  }

  async backfill(process: Process, indexId: IndexId, entries: readonly BackfillEntry[]): Promise<void> {
    await this.#write(process, { kind: "backfill", indexId, entries });
  }

  async #write(process: Process, frame: Frame): Promise<void> {
    const { random } = this.#world;
    const { longestWrite, full } = this.faults;
    const body = JSON.stringify(frame);
    const text = `${body.length}:${checksum(body)}:${body}`;
    for (let i = 0; i < text.length; i += SECTOR) this.#unsynced.push(text.slice(i, i + SECTOR));
    for (let i = random.integer(longestWrite + 1); i > 0; i--) await process.pause();
    if (!process.alive) return never();
    if (random.chance(full)) {
      this.#unsynced = [];
      this.counts.failed++;
      throw new StoreError("DISK_FULL", "No space is left on the simulated disk. Nothing was written.");
    }
    this.#sectors.push(...this.#unsynced);
    this.#unsynced = [];
    this.#syncedFrames++;
    this.#apply(frame);
    // On disk, and nobody knows it yet.
    if (longestWrite > 0 && random.chance(0.5)) await process.pause();
  }

  get store(): MemoryStore {
    return this.#store;
  }

  isLateRead(): boolean {
    return this.faults.lateReads > 0 && this.#world.random.chance(this.faults.lateReads);
  }
}

class OpenDisk implements Persistence {
  readonly #disk: SimulatedDisk;
  readonly #process: Process;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(disk: SimulatedDisk, process: Process) {
    this.#disk = disk;
    this.#process = process;
  }

  head(): Timestamp {
    return this.#open().head;
  }

  get(tableId: TableId, id: string, at: Timestamp): MaybePromise<StoredDocument | null> {
    return this.#read((store) => store.get(tableId, id, at));
  }

  scan(
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit: number,
  ): MaybePromise<IndexRow[]> {
    return this.#read((store) => store.scan(source, range, order, at, limit));
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.#open().tail(after, limit);
  }

  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    return this.#write(() => this.#disk.append(this.#process, head, commits));
  }

  async prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#open().prune(horizon, budget);
  }

  async discard(what: Discarded, budget: number): Promise<number> {
    return this.#open().discard(what, budget);
  }

  backfill(indexId: IndexId, entries: readonly BackfillEntry[]): Promise<void> {
    return this.#write(() => this.#disk.backfill(this.#process, indexId, entries));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }

  #read<T>(read: (store: MemoryStore) => T): MaybePromise<T> {
    const store = this.#open();
    if (!this.#disk.isLateRead()) return read(store);
    return this.#process.pause().then(() => read(store));
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    if (!this.#process.alive) return never();
    this.#open();
    const writing = this.#disk.inTurn(this.#process, write);
    this.#running.add(writing);
    try {
      return await writing;
    } finally {
      this.#running.delete(writing);
    }
  }

  #open(): MemoryStore {
    if (this.#closed) throw closedStore();
    return this.#disk.store;
  }
}

/** FNV-1a, 32 bits: enough to notice missing sectors. */
function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

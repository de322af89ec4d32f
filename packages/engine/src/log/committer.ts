import type { CommitOutcome, FinishedTransaction, LaneNews, LanePort, LaneTransaction } from "../engine.ts";
import { EngineClosedError, InvariantError, StoreFailedError } from "../errors.ts";
import type { AppendResult, Persistence } from "../persistence/persistence.ts";
import { StoreError } from "../persistence/store_error.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { ReadRange } from "../transaction/read_set_entry.ts";
import type { Commit, PublishedCommit, WriteSet } from "./commit.ts";
import type { Commits, NewestState } from "./commits.ts";
import { CommittingLane } from "./committing_lane.ts";
import { type Overtaken, RecentWrites } from "./recent_writes.ts";

export interface CommitterParts {
  readonly persistence: Persistence;
  readonly clock: { nowMicroseconds(): Timestamp };
  /** The store's newest commit. */
  readonly head: Timestamp;
  /** The catalog at `head`. */
  readonly catalog: CatalogImage;
  /** For how long commits are remembered, in microseconds of their timestamps. */
  readonly window: number;
  /** A batch is on disk: its commits, in order, other nodes' included. */
  readonly durable: (commits: readonly PublishedCommit[], ts: Timestamp) => void;
  /** An invariant is broken: the process must end. */
  readonly fatal: (error: unknown) => void;
}

/** A transaction that was accepted and waits for the disk. */
interface Accepted {
  ts: Timestamp;
  sequence: number;
  readonly lane: CommittingLane | null;
  readonly laneSequence: number;
  /** `null` for one that wrote nothing: it only waits until what it has seen is on disk. */
  readonly writes: WriteSet | null;
  readonly reads: readonly ReadRange[];
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: Error) => void;
}

type State =
  | { readonly kind: "running" }
  | { readonly kind: "closing"; readonly done: () => void }
  /** Closed, or stopped by a broken invariant. */
  | { readonly kind: "ended"; readonly reason: string };

/**
 * The one place where transactions become commits. It takes them one after another: each is checked against
 * everything accepted since the state it read, gets its timestamp, and goes to disk with all others that came
 * while the last append was running. Nobody hears of a commit before it is on disk.
 */
export class Committer implements Commits {
  readonly recent: RecentWrites;
  readonly #parts: CommitterParts;
  readonly #lanes = new Set<CommittingLane>();
  #state: State = { kind: "running" };
  #queue: Accepted[] = [];
  /** The batch that is being appended. */
  #inFlight: Accepted[] = [];
  #wake = false;
  #durable: Timestamp;
  #durableSequence = 0;
  #lastTs: Timestamp;
  #sequence = 0;
  /** Raised whenever accepted transactions are dropped: who has read them has read what never was. */
  #drops = 0;
  #catalog: CatalogImage;
  #durableCatalog: CatalogImage;
  /** The newest accepted commit that changed the catalog. */
  #catalogTs: Timestamp;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#durable = parts.head;
    this.#lastTs = parts.head;
    this.#catalog = parts.catalog;
    this.#durableCatalog = parts.catalog;
    this.#catalogTs = parts.catalog.ts;
    this.recent = new RecentWrites(parts.head);
  }

  get durable(): Timestamp {
    return this.#durable;
  }

  get durableCatalog(): CatalogImage {
    return this.#durableCatalog;
  }

  onNewest<T>(attempt: (state: NewestState) => Promise<T>): Promise<T> {
    return attempt({
      durable: this.#durable,
      accepted: this.#lastTs,
      catalog: this.#catalog,
      afloat: this.#afloat(),
      // Accepted commits that are dropped later take with them whoever has read them.
      token: this.#drops,
    });
  }

  *#afloat(): Iterable<WriteSet> {
    for (const { writes } of this.#inFlight) if (writes !== null) yield writes;
    for (const { writes } of this.#queue) if (writes !== null) yield writes;
  }

  /**
   * Commits a host transaction. `drops` is the token of the {@link NewestState} it began with, if it has
   * read commits that were afloat. Resolves when it is on disk, or when it turned out to be overtaken.
   */
  commit(tx: FinishedTransaction, drops = this.#drops): Promise<CommitOutcome> {
    const closed = this.#closedError();
    if (closed !== null) return Promise.reject(closed);
    if (drops !== this.#drops) return Promise.resolve({ kind: "conflict", table: null });
    // What only looked at what is on disk stands where it looked.
    if (isEmpty(tx) && tx.snapshot <= this.#durable) {
      return Promise.resolve({ kind: "committed", ts: tx.snapshot });
    }
    if (tx.catalogTs < this.#catalogTs || tx.snapshot < this.recent.floor) {
      return Promise.resolve({ kind: "conflict", table: null });
    }
    if (tx.snapshot < this.#lastTs) {
      const overtaken = this.recent.firstTouching(tx.reads, tx.snapshot);
      if (overtaken !== null) return Promise.resolve(this.#conflict(overtaken));
    }
    return this.#accept(null, 0, isEmpty(tx) ? null : writesOf(tx), tx.reads);
  }

  openLane(news: (news: LaneNews) => void): LanePort {
    const lane = new CommittingLane(news, this.#durableSequence);
    this.#lanes.add(lane);
    for (const { writes, sequence, ts } of [...this.#inFlight, ...this.#queue]) {
      if (writes !== null) lane.tell({ kind: "foreign", sequence, ts, writes });
    }
    return {
      submit: (tx) => this.#submit(lane, tx),
      close: () => {
        this.#lanes.delete(lane);
        lane.isClosed = true;
      },
    };
  }

  /** Waits until everything accepted is on disk; takes nothing more. */
  close(): Promise<void> {
    if (this.#state.kind !== "running") return Promise.resolve();
    return new Promise((done) => {
      this.#state = { kind: "closing", done };
      this.#rest();
    });
  }

  #closedError(): Error | null {
    switch (this.#state.kind) {
      case "running":
        return null;
      case "closing":
        return new EngineClosedError("The database is being closed: it takes no more transactions.");
      case "ended":
        return new EngineClosedError(this.#state.reason);
      default:
        return this.#state satisfies never;
    }
  }

  // --- accepting ---

  #submit(lane: CommittingLane, tx: LaneTransaction): Promise<CommitOutcome> {
    const closed = this.#closedError();
    if (closed !== null) return Promise.reject(closed);
    if (lane.isClosed) return Promise.reject(new EngineClosedError("This lane is closed."));
    // Built upon a transaction that was refused: the lane has been told and runs it again.
    if (tx.epoch < lane.epoch) return Promise.resolve({ kind: "conflict", table: null });
    try {
      lane.checkOrder(tx);
    } catch (error) {
      this.#stop(error);
      return Promise.reject(this.#closedError()!);
    }
    if (lane.lastNews > tx.foreignSeen) {
      const conflict = this.#laneConflict(lane, tx);
      if (conflict !== null) {
        lane.refuse(tx.laneSequence);
        return Promise.resolve(conflict);
      }
    }
    lane.lastSequence = tx.laneSequence;
    return this.#accept(lane, tx.laneSequence, isEmpty(tx.writes) ? null : tx.writes, tx.reads);
  }

  /** What speaks against a lane's transaction that has not seen all there is. */
  #laneConflict(lane: CommittingLane, tx: LaneTransaction): CommitOutcome | null {
    const seen = Math.max(tx.foreignSeen, lane.opened);
    if (tx.foreignSeen < lane.withdrawn || seen < this.recent.floorSequence) {
      return { kind: "conflict", table: null };
    }
    if (this.recent.catalogChangedBeside(seen, lane)) return { kind: "conflict", table: null };
    const overtaken = this.recent.firstForeignTouching(tx.reads, seen, lane);
    return overtaken === null ? null : this.#conflict(overtaken);
  }

  #conflict({ indexId }: Overtaken): CommitOutcome {
    return { kind: "conflict", table: this.#catalog.tableNameOfIndex(indexId) };
  }

  #accept(
    lane: CommittingLane | null,
    laneSequence: number,
    writes: WriteSet | null,
    reads: readonly ReadRange[],
  ): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      const accepted: Accepted = {
        ts: this.#lastTs,
        sequence: 0,
        lane,
        laneSequence,
        writes,
        reads,
        resolve,
        reject,
      };
      this.#queue.push(accepted);
      if (writes !== null) {
        accepted.sequence = ++this.#sequence;
        this.#stamp(accepted, writes);
        const { sequence, ts } = accepted;
        for (const other of this.#lanes) {
          if (other !== lane) other.tell({ kind: "foreign", sequence, ts, writes });
        }
      }
      this.#schedule();
    });
  }

  /** Gives an accepted transaction its timestamp, and remembers what it touches. */
  #stamp(accepted: Accepted, writes: WriteSet): void {
    const ts = Math.max(this.#parts.clock.nowMicroseconds(), this.#lastTs + 1);
    this.#lastTs = ts;
    accepted.ts = ts;
    const { touched, changesCatalog } = writes;
    this.recent.add({ ts, sequence: accepted.sequence, origin: accepted.lane, touched, changesCatalog });
    if (changesCatalog) {
      this.#catalog = this.#catalog.apply(writes.documents, ts);
      this.#catalogTs = ts;
    }
  }

  // --- to disk ---

  /** Appends at the end of this turn: what arrives in one message goes to disk together. */
  #schedule(): void {
    if (this.#wake || this.#inFlight.length > 0) return;
    this.#wake = true;
    queueMicrotask(() => {
      this.#wake = false;
      this.#guard(() => this.#flush());
    });
  }

  #flush(): void {
    if (this.#inFlight.length > 0 || this.#queue.length === 0 || this.#state.kind === "ended") return;
    const batch = this.#queue;
    this.#queue = [];
    this.#inFlight = batch;
    const commits: Commit[] = [];
    let last = this.#durable;
    for (const { writes, ts } of batch) {
      if (writes === null) continue;
      if (!Number.isSafeInteger(ts) || ts <= last) {
        throw new InvariantError(
          `Commit timestamps must ascend, but ${ts} comes after ${last}. Nothing was written.`,
        );
      }
      last = ts;
      const { documents, indexEntries, touched, changesCatalog } = writes;
      commits.push({ ts, documents, indexEntries, touched, changesCatalog });
    }
    if (commits.length === 0) {
      this.#acknowledge(batch, commits);
      return;
    }
    let appending: Promise<AppendResult>;
    try {
      appending = this.#parts.persistence.append(this.#durable, commits);
    } catch (error) {
      appending = Promise.reject(error);
    }
    appending.then(
      (result) =>
        this.#guard(() => {
          if (result.appended) this.#acknowledge(batch, commits);
          else this.#catchUp(result.missed);
        }),
      (error: unknown) =>
        this.#guard(() => {
          if (error instanceof StoreError && error.code === "NOT_SYNCED") throw error;
          this.#dropAll(error);
        }),
    );
  }

  #acknowledge(batch: readonly Accepted[], commits: readonly Commit[]): void {
    this.#inFlight = [];
    const last = commits[commits.length - 1];
    if (last !== undefined) this.#durable = last.ts;
    for (const accepted of batch) {
      if (accepted.lane !== null) accepted.lane.durableSequence = accepted.laneSequence;
      if (accepted.writes === null) continue;
      this.#durableSequence = accepted.sequence;
      if (accepted.writes.changesCatalog) {
        this.#durableCatalog = this.#durableCatalog.apply(accepted.writes.documents, accepted.ts);
      }
    }
    this.recent.forget(Math.min(this.#durable, this.#lastTs - this.#parts.window));
    for (const lane of this.#lanes) lane.tellDurable(this.#durable);
    for (const accepted of batch) accepted.resolve({ kind: "committed", ts: accepted.ts });
    if (commits.length > 0) this.#parts.durable(commits, this.#durable);
    this.#next();
  }

  #next(): void {
    if (this.#queue.length > 0) this.#flush();
    else this.#rest();
  }

  #rest(): void {
    if (this.#state.kind !== "closing" || this.#inFlight.length > 0 || this.#queue.length > 0) return;
    const { done } = this.#state;
    this.#state = { kind: "ended", reason: "The database is closed." };
    done();
  }

  // --- when an append did not happen ---

  /** The store failed: everything afloat is gone, and everybody who waited is told. */
  #dropAll(cause: unknown): void {
    const dropped = this.#takeBack();
    for (const lane of this.#lanes) this.#withdraw(lane, dropped);
    this.#refuseLanes(dropped);
    const why = cause instanceof Error ? cause.message : String(cause);
    for (const { reject } of dropped) {
      reject(
        new StoreFailedError(`The database could not be written, so nothing was changed: ${why}`, { cause }),
      );
    }
    this.#rest();
  }

  /** Another node was faster: takes in its commits and keeps of the own ones what they have not overtaken. */
  #catchUp(missed: readonly Commit[]): void {
    const before = this.#durable;
    const waiting = this.#takeBack();
    const survivors: Accepted[] = [];
    const refused: Accepted[] = [];
    const refusedLanes = new Set<CommittingLane>();
    const conflicts = new Map<Accepted, CommitOutcome>();

    for (const commit of missed) {
      if (commit.ts <= this.#durable) {
        throw new InvariantError(
          `The store answered a missed commit ${commit.ts} that is not after ${this.#durable}.`,
        );
      }
      this.#durable = commit.ts;
      const sequence = ++this.#sequence;
      this.#durableSequence = sequence;
      const { ts, touched, changesCatalog, documents } = commit;
      this.recent.add({ ts, sequence, origin: null, touched, changesCatalog });
      for (const lane of this.#lanes) lane.tell({ kind: "foreign", sequence, ts, writes: commit });
      if (changesCatalog) {
        this.#durableCatalog = this.#durableCatalog.apply(documents, ts);
        this.#catalog = this.#durableCatalog;
        this.#catalogTs = ts;
      }
    }
    this.#lastTs = this.#durable;

    // What a refused transaction wrote counts as overtaken too: later ones may have read it.
    const gone = new RecentWrites(0);
    let goneTs = 0;
    const catalogMissed = missed.some((commit) => commit.changesCatalog);
    let catalogGone = false;
    for (const accepted of waiting) {
      const { lane, reads, writes } = accepted;
      const overtaken = this.recent.firstTouching(reads, before) ?? gone.firstTouching(reads, 0);
      const isRefused =
        overtaken !== null || catalogMissed || catalogGone || (lane !== null && refusedLanes.has(lane));
      if (!isRefused) {
        survivors.push(accepted);
        continue;
      }
      refused.push(accepted);
      if (lane !== null) refusedLanes.add(lane);
      const outcome: CommitOutcome =
        overtaken === null ? { kind: "conflict", table: null } : this.#conflict(overtaken);
      conflicts.set(accepted, outcome);
      if (writes === null) continue;
      gone.add({ ...writes, ts: ++goneTs, sequence: goneTs, origin: null });
      catalogGone ||= writes.changesCatalog;
    }

    for (const lane of this.#lanes) this.#withdraw(lane, refused);
    this.#refuseLanes(refused);
    for (const accepted of survivors) {
      const { writes, lane } = accepted;
      if (writes === null) {
        accepted.ts = this.#lastTs;
        continue;
      }
      const was = accepted.sequence;
      const sequence = ++this.#sequence;
      accepted.sequence = sequence;
      this.#stamp(accepted, writes);
      for (const other of this.#lanes) {
        if (other !== lane) other.tell({ kind: "restamped", was, sequence, ts: accepted.ts });
      }
    }
    for (const lane of this.#lanes) lane.tellDurable(this.#durable);
    this.#queue = survivors;
    for (const [accepted, outcome] of conflicts) accepted.resolve(outcome);
    this.#parts.durable(missed, this.#durable);
    this.#next();
  }

  /** Empties the queues: what was accepted after `durable` has not happened. */
  #takeBack(): Accepted[] {
    const afloat = [...this.#inFlight, ...this.#queue];
    this.#inFlight = [];
    this.#queue = [];
    this.#drops++;
    // Timestamps that nobody has heard of are free again: other nodes may have them.
    this.#lastTs = this.#durable;
    this.recent.retract(this.#durable);
    this.#catalog = this.#durableCatalog;
    this.#catalogTs = this.#durableCatalog.ts;
    return afloat;
  }

  #withdraw(lane: CommittingLane, dropped: readonly Accepted[]): void {
    const sequences = dropped
      .filter((accepted) => accepted.writes !== null && accepted.lane !== lane)
      .map((accepted) => accepted.sequence);
    if (sequences.length === 0) return;
    lane.withdrawn = ++this.#sequence;
    lane.tell({ kind: "withdrawn", sequence: lane.withdrawn, sequences });
  }

  #refuseLanes(dropped: readonly Accepted[]): void {
    const told = new Set<CommittingLane>();
    for (const { lane, laneSequence } of dropped) {
      if (lane === null || told.has(lane)) continue;
      told.add(lane);
      lane.refuse(laneSequence);
    }
  }

  // --- broken invariants ---

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#stop(error);
    }
  }

  #stop(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#state = { kind: "ended", reason: `The database has stopped: ${why}` };
    const waiting = [...this.#inFlight, ...this.#queue];
    this.#inFlight = [];
    this.#queue = [];
    for (const { reject } of waiting) reject(this.#closedError()!);
    this.#parts.fatal(error);
  }
}

function isEmpty(writes: WriteSet): boolean {
  return writes.documents.length === 0 && writes.indexEntries.length === 0;
}

function writesOf({ documents, indexEntries, touched, changesCatalog }: WriteSet): WriteSet {
  return { documents, indexEntries, touched, changesCatalog };
}

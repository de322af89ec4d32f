import type { Timestamp } from "../timestamp.ts";
import { ReadLookup } from "../transaction/read_set.ts";
import type { ReadRange } from "../transaction/read_set_entry.ts";
import type { IndexId, TouchedKey } from "./commit.ts";

/** An accepted commit, as validation and late subscribers look at it: what it touched, not what it wrote. */
export interface RecentCommit {
  readonly ts: Timestamp;
  /** Its number in the order of acceptance; ascends with `ts`. */
  readonly sequence: number;
  /** The lane it came from, `null` for the host and for other nodes. */
  readonly origin: object | null;
  readonly touched: readonly TouchedKey[];
  readonly changesCatalog: boolean;
}

/** A read that a later commit has overtaken. */
export interface Overtaken {
  readonly ts: Timestamp;
  readonly indexId: IndexId;
}

/** The commits of the last while, in order. Who asks about older ones is told that it is not known. */
export class RecentWrites {
  #commits: RecentCommit[] = [];
  #first = 0;
  #floor: Timestamp;
  #floorSequence = 0;

  /** `floor` is the store's newest commit at the start: what came before is not known. */
  constructor(floor: Timestamp) {
    this.#floor = floor;
  }

  /** Every commit after this one is here. */
  get floor(): Timestamp {
    return this.#floor;
  }

  get floorSequence(): number {
    return this.#floorSequence;
  }

  add(commit: RecentCommit): void {
    this.#commits.push(commit);
  }

  /** Forgets commits up to `ts`. */
  forget(ts: Timestamp): void {
    const commits = this.#commits;
    while (this.#first < commits.length && commits[this.#first]!.ts <= ts) {
      const commit = commits[this.#first++]!;
      this.#floor = commit.ts;
      this.#floorSequence = commit.sequence;
    }
    if (this.#first > 1024 && this.#first * 2 > commits.length) {
      this.#commits = commits.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Takes back the commits after `ts`: they were never written. */
  retract(ts: Timestamp): void {
    const commits = this.#commits;
    while (commits.length > this.#first && commits[commits.length - 1]!.ts > ts) commits.pop();
  }

  /** The first commit after `since`, up to `until`, that touches `reads`. `since` must not be below `floor`. */
  firstTouching(
    reads: readonly ReadRange[],
    since: Timestamp,
    until = Number.POSITIVE_INFINITY,
  ): Overtaken | null {
    const from = this.#search((commit) => commit.ts > since);
    return this.#firstThatTouches(reads, from, (commit) => commit.ts <= until);
  }

  /** Like {@link firstTouching} for a lane: commits numbered above `seen` that are not its own. */
  firstForeignTouching(reads: readonly ReadRange[], seen: number, lane: object): Overtaken | null {
    const from = this.#search((commit) => commit.sequence > seen);
    return this.#firstThatTouches(reads, from, (commit) => commit.origin !== lane);
  }

  /** Whether a commit numbered above `seen` that is not the lane's own has changed the catalog. */
  catalogChangedBeside(seen: number, lane: object): boolean {
    for (let i = this.#search((commit) => commit.sequence > seen); i < this.#commits.length; i++) {
      const commit = this.#commits[i]!;
      if (commit.changesCatalog && commit.origin !== lane) return true;
    }
    return false;
  }

  #firstThatTouches(
    reads: readonly ReadRange[],
    from: number,
    counts: (commit: RecentCommit) => boolean,
  ): Overtaken | null {
    if (from >= this.#commits.length || reads.length === 0) return null;
    const lookup = new ReadLookup(reads);
    for (let i = from; i < this.#commits.length; i++) {
      const commit = this.#commits[i]!;
      if (!counts(commit)) continue;
      for (const { indexId, key } of commit.touched) {
        if (lookup.covers(indexId, key)) return { ts: commit.ts, indexId };
      }
    }
    return null;
  }

  /** Position of the first commit for which `isAfter`, which must hold for all that follow. */
  #search(isAfter: (commit: RecentCommit) => boolean): number {
    let low = this.#first;
    let high = this.#commits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#commits[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

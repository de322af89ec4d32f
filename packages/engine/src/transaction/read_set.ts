import type { IndexKey } from "@tandem/values";
import type { IndexId } from "../log/commit.ts";
import type { KeyRange, ScanOrder } from "../persistence/persistence.ts";
import type { ReadRange } from "./read_set_entry.ts";

interface OpenRange {
  readonly indexId: IndexId;
  start: IndexKey;
  end?: IndexKey | null;
}

/** Below this many entries a search beats a set. */
const FEW = 8;

/**
 * What a transaction has looked at. A key read twice is kept once, and a scan that goes on where the last one
 * stopped makes that one's range longer.
 */
export class ReadSet {
  readonly #ranges: OpenRange[] = [];
  #points: Map<IndexId, Set<IndexKey>> | null = null;
  /** The stretch that the last scan of an index has covered. */
  #last: Map<IndexId, OpenRange> | null = null;

  get ranges(): readonly ReadRange[] {
    return this.#ranges;
  }

  /** Records a read of one key. Answers whether it was new. */
  point(indexId: IndexId, key: IndexKey): boolean {
    const ranges = this.#ranges;
    if (this.#points === null) {
      for (let i = ranges.length - 1; i >= 0; i--) {
        const range = ranges[i]!;
        if (range.start === key && range.indexId === indexId && range.end === undefined) return false;
      }
      ranges.push({ indexId, start: key });
      if (ranges.length > FEW) this.#collectPoints();
      return true;
    }
    let points = this.#points.get(indexId);
    if (points === undefined) {
      points = new Set();
      this.#points.set(indexId, points);
    }
    if (points.has(key)) return false;
    points.add(key);
    ranges.push({ indexId, start: key });
    return true;
  }

  #collectPoints(): void {
    this.#points = new Map();
    for (const range of this.#ranges) {
      if (range.end !== undefined) continue;
      const points = this.#points.get(range.indexId);
      if (points === undefined) this.#points.set(range.indexId, new Set([range.start]));
      else points.add(range.start);
    }
  }

  /** Records the read of a stretch. Answers whether it was a new one, not the continuation of the last. */
  range(indexId: IndexId, range: KeyRange, order: ScanOrder): boolean {
    if (range.end !== null && range.end <= range.start) return false;
    const last = this.#last?.get(indexId);
    if (last !== undefined) {
      if (order === "asc" && last.end === range.start) {
        last.end = range.end;
        return false;
      }
      if (order === "desc" && range.end === last.start) {
        last.start = range.start;
        return false;
      }
      if (last.start === range.start && last.end === range.end) return false;
    }
    const made: OpenRange = { indexId, start: range.start, end: range.end };
    this.#ranges.push(made);
    this.#last ??= new Map();
    this.#last.set(indexId, made);
    return true;
  }
}

/** Reads, arranged for asking whether a written key is among them. */
export class ReadLookup {
  readonly #indexes = new Map<IndexId, { points: Set<IndexKey>; ranges: ReadRange[] }>();

  constructor(reads: readonly ReadRange[]) {
    for (const read of reads) {
      let index = this.#indexes.get(read.indexId);
      if (index === undefined) {
        index = { points: new Set(), ranges: [] };
        this.#indexes.set(read.indexId, index);
      }
      if (read.end === undefined) index.points.add(read.start);
      else index.ranges.push(read);
    }
  }

  covers(indexId: IndexId, key: IndexKey): boolean {
    const index = this.#indexes.get(indexId);
    if (index === undefined) return false;
    if (index.points.has(key)) return true;
    for (const range of index.ranges) {
      if (key >= range.start && (range.end === null || key < range.end!)) return true;
    }
    return false;
  }
}

import type { IndexKey } from "@tandem/values";
import type { StoredDocument, TableId } from "../log/commit.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type {
  IndexRow,
  KeyRange,
  ScanOrder,
  ScanSource,
  SnapshotReader,
} from "../persistence/persistence.ts";
import type { Timestamp } from "../timestamp.ts";
import { lowerBound, type Overlay } from "./overlay.ts";

/** The state below a transaction's own writes: a snapshot, and what has been accepted since. */
export interface BaseView {
  readonly reader: SnapshotReader;
  readonly at: Timestamp;
}

/** Position in one overlay's keys, moving in the direction of the scan. */
interface Cursor {
  readonly keys: readonly IndexKey[];
  readonly idOf: (key: IndexKey) => string | null | undefined;
  position: number;
  readonly step: 1 | -1;
  /** Where the range ends: the first position that is out of it. */
  readonly end: number;
}

/**
 * Up to `limit` rows of `range` with `layers` laid over the stored rows, later layers on top. Fewer than
 * `limit` means that the range is exhausted.
 */
export function scanLayers(
  base: BaseView,
  layers: readonly Overlay[],
  source: ScanSource,
  range: KeyRange,
  order: ScanOrder,
  limit: number,
): MaybePromise<IndexRow[]> {
  const relevant = layers.filter((layer) => layer.tables.has(source.tableId));
  if (relevant.length === 0) return base.reader.scan(source, range, order, base.at, limit);
  return new LayeredScan(base, relevant, source, range, order, limit).run();
}

class LayeredScan {
  readonly #base: BaseView;
  readonly #layers: readonly Overlay[];
  readonly #source: ScanSource;
  readonly #order: ScanOrder;
  readonly #limit: number;
  /** What of the range the store has not been asked for yet; `null` when it has no more. */
  #rest: KeyRange | null;
  #stored: IndexRow[] = [];
  #storedAt = 0;
  readonly #cursors: Cursor[] = [];
  readonly #rows: IndexRow[] = [];

  constructor(
    base: BaseView,
    layers: readonly Overlay[],
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    limit: number,
  ) {
    this.#base = base;
    this.#layers = layers;
    this.#source = source;
    this.#order = order;
    this.#limit = limit;
    this.#rest = range;
    // Topmost first: of equal keys the first cursor's counts.
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i]!;
      const found =
        source.kind === "documents" ? layer.tables.get(source.tableId) : layer.indexes.get(source.indexId);
      if (found === undefined) continue;
      const { keys, idOf } = found.order();
      const from = lowerBound(keys, range.start);
      const to = range.end === null ? keys.length : lowerBound(keys, range.end);
      if (from >= to) continue;
      this.#cursors.push(
        order === "asc"
          ? { keys, idOf, position: from, step: 1, end: to }
          : { keys, idOf, position: to - 1, step: -1, end: from - 1 },
      );
    }
  }

  run(): MaybePromise<IndexRow[]> {
    for (;;) {
      if (this.#merge()) return this.#rows;
      const rest = this.#rest!;
      const wanted = this.#limit - this.#rows.length;
      const found = this.#base.reader.scan(this.#source, rest, this.#order, this.#base.at, wanted);
      if (found instanceof Promise) {
        return found.then((rows) => {
          this.#take(rows, rest, wanted);
          return this.run();
        });
      }
      this.#take(found, rest, wanted);
    }
  }

  #take(rows: IndexRow[], asked: KeyRange, wanted: number): void {
    this.#stored = rows;
    this.#storedAt = 0;
    if (rows.length < wanted) {
      this.#rest = null;
      return;
    }
    const last = rows[rows.length - 1]!.key;
    this.#rest =
      this.#order === "asc" ? { start: `${last}\0`, end: asked.end } : { start: asked.start, end: last };
  }

  /** Merges what is there. True when the scan is done, false when the store has to be asked for more. */
  #merge(): boolean {
    while (this.#rows.length < this.#limit) {
      const stored = this.#stored[this.#storedAt];
      if (stored === undefined && this.#rest !== null) return false;
      const next = this.#nextCursor();
      if (next === null && stored === undefined) return true;
      if (next === null || (stored !== undefined && this.#isBefore(stored.key, next.key))) {
        this.#storedAt++;
        const document = this.#overlaid(this.#source.tableId, stored!.document.id);
        if (document === undefined) this.#rows.push(stored!);
        else if (document !== null) this.#rows.push({ key: stored!.key, document });
        continue;
      }
      if (stored !== undefined && stored.key === next.key) this.#storedAt++;
      this.#pass(next.key);
      if (next.id === null) continue;
      const document = this.#overlaid(this.#source.tableId, next.id);
      if (document) this.#rows.push({ key: next.key, document });
    }
    return true;
  }

  #isBefore(a: IndexKey, b: IndexKey): boolean {
    return this.#order === "asc" ? a < b : a > b;
  }

  #nextCursor(): { key: IndexKey; id: string | null } | null {
    let key: IndexKey | null = null;
    let id: string | null = null;
    for (const cursor of this.#cursors) {
      if (cursor.position === cursor.end) continue;
      const candidate = cursor.keys[cursor.position]!;
      if (key !== null && !this.#isBefore(candidate, key)) continue;
      key = candidate;
      id = cursor.idOf(candidate) ?? null;
    }
    return key === null ? null : { key, id };
  }

  #pass(key: IndexKey): void {
    for (const cursor of this.#cursors) {
      if (cursor.position !== cursor.end && cursor.keys[cursor.position] === key)
        cursor.position += cursor.step;
    }
  }

  /** The document as the layers have it; undefined when none of them does. */
  #overlaid(tableId: TableId, id: string): StoredDocument | null | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const write = this.#layers[i]!.document(tableId, id);
      if (write !== undefined) return write.document;
    }
    return undefined;
  }
}

import type { DocumentWrite, StoredDocument, TableId } from "../log/commit.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type {
  IndexRow,
  KeyRange,
  ScanOrder,
  ScanSource,
  SnapshotReader,
} from "../persistence/persistence.ts";
import { FIRST_TABLE_ID } from "../tables/system_tables.ts";
import type { Timestamp } from "../timestamp.ts";
import { DocumentCache } from "./document_cache.ts";

/** Reads at one snapshot that moves on with each commit: documents that were read or written last are at hand. */
export class CachedReader implements SnapshotReader {
  readonly #store: SnapshotReader;
  readonly #cache: DocumentCache;
  /** The snapshot that the cache is of. */
  #at: Timestamp;

  /** `bound` is what the cache may hold, in bytes. */
  constructor(store: SnapshotReader, at: Timestamp, bound: number) {
    this.#store = store;
    this.#at = at;
    this.#cache = new DocumentCache(bound);
  }

  get(tableId: TableId, id: string, at: Timestamp): MaybePromise<StoredDocument | null> {
    if (at !== this.#at || tableId < FIRST_TABLE_ID) return this.#store.get(tableId, id, at);
    const known = this.#cache.get(tableId, id);
    if (known !== undefined) return known;
    const found = this.#store.get(tableId, id, at);
    if (found instanceof Promise) return found.then((document) => this.#keep(tableId, document, at));
    return this.#keep(tableId, found, at);
  }

  scan(
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit: number,
  ): MaybePromise<IndexRow[]> {
    return this.#store.scan(source, range, order, at, limit);
  }

  /** One of the commits between the snapshot and the one that {@link moveTo} names next. */
  apply(documents: readonly DocumentWrite[]): void {
    this.#cache.apply(documents.filter(({ tableId }) => tableId >= FIRST_TABLE_ID));
  }

  /** Every commit up to `at` has been applied. */
  moveTo(at: Timestamp): void {
    this.#at = at;
  }

  /** Gives the cache's memory back. */
  forget(): void {
    this.#cache.clear();
  }

  #keep(tableId: TableId, document: StoredDocument | null, at: Timestamp): StoredDocument | null {
    // The snapshot may have moved on while the store was asked.
    if (document !== null && at === this.#at) this.#cache.put(tableId, document);
    return document;
  }
}

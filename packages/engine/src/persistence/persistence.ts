import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../log/commit.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { Timestamp } from "../timestamp.ts";

/** A half-open stretch of an index: `start` is in it, `end` is not; `null` reaches to the last key. */
export interface KeyRange {
  readonly start: IndexKey;
  readonly end: IndexKey | null;
}

export type ScanOrder = "asc" | "desc";

/** A document found through an index, with the key that led to it. */
export interface IndexRow {
  readonly key: IndexKey;
  readonly document: StoredDocument;
}

/** Where an index's entries come from: stored entries, or the table's own order by `_id`. */
export type ScanSource =
  | { readonly kind: "entries"; readonly indexId: IndexId; readonly tableId: TableId }
  | { readonly kind: "documents"; readonly tableId: TableId };

/**
 * Reads of any snapshot that retention still holds.
 *
 * A snapshot at `at` is the effect of every commit with a timestamp up to and including it.
 */
export interface SnapshotReader {
  /** The document as of `at`, or `null` when it did not exist. */
  get(tableId: TableId, id: string, at: Timestamp): MaybePromise<StoredDocument | null>;

  /**
   * Up to `limit` rows of `range` as of `at`, in key order or against it. Fewer than `limit` means that the range
   * is exhausted. For `documents` the key of a row is `encodeIndexKey([_id])`. The cost is proportional to
   * the rows answered, not to the versions that hot keys have behind them; a store may take a step more for each
   * quarter of a second since `at`, and for each append within one, that has written a row.
   */
  scan(
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit: number,
  ): MaybePromise<IndexRow[]>;
}

export type AppendResult =
  | { readonly appended: true }
  /** Somebody else has committed past the caller's head: nothing was written; these are the commits it lacks. */
  | { readonly appended: false; readonly missed: readonly Commit[] };

/** Indexes and tables that nobody will read again. */
export interface Discarded {
  readonly indexes: readonly IndexId[];
  readonly tables: readonly TableId[];
}

/** The durable log with its documents and index entries, as whoever does not commit needs it. */
export interface Store extends SnapshotReader {
  /** The timestamp of the newest commit, `BEGINNING` for an empty store. */
  head(): MaybePromise<Timestamp>;

  /** Up to `limit` commits after `after`, in order, as far back as retention holds the log. */
  tail(after: Timestamp, limit: number): MaybePromise<Commit[]>;

  /**
   * Gives back what no snapshot at or after `horizon` can see: superseded versions, deleted documents, removed
   * entries, and the log up to it. Works through at most `budget` commits; answers how many it worked through.
   * Documents and entries visible at `horizon` stay, whatever their age.
   */
  prune(horizon: Timestamp, budget: number): Promise<number>;

  /**
   * Gives back all entries of dropped indexes and all documents of dropped tables (whose indexes have to be named
   * too), at most `budget` rows; answers how many. Fewer than `budget` means that nothing is left. To be called
   * when the log has been pruned past the commit that dropped them, and nothing writes to them any more.
   */
  discard(what: Discarded, budget: number): Promise<number>;

  /**
   * Index entries of documents that existed before their index did. They become visible at once at every
   * timestamp: an index is read only after its backfill has ended. An existing entry with the same key stays.
   */
  backfill(
    indexId: IndexId,
    entries: readonly { key: IndexKey; documentId: string; ts: Timestamp }[],
  ): Promise<void>;

  /** Waits for what is running, then lets go of files and threads. */
  close(): Promise<void>;
}

/** The whole of what the engine asks of a store. */
export interface Persistence extends Store {
  /**
   * The conditional append: writes all commits, in order, if the newest stored one is `head`, else none.
   * Resolves only when they would survive a power failure. Commit timestamps ascend and exceed `head`.
   * Rejects, with nothing written, when the store fails (a full disk, say); with a `StoreError` of the code
   * `NOT_SYNCED` when that is not known: then nobody may be told anything, and the process must end.
   */
  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult>;
}

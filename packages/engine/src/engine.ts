import type { IndexId, WriteSet } from "./log/commit.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import type { Namespace } from "./tables/catalog.ts";
import type { CatalogEditor } from "./tables/catalog_editor.ts";
import type { CatalogImage } from "./tables/catalog_image.ts";
import type { Timestamp } from "./timestamp.ts";
import type { DatabaseReader, DatabaseWriter, DocumentFields, PlainRows } from "./transaction/database.ts";
import type { TransactionLimits } from "./transaction/limits.ts";
import type { ReadRange } from "./transaction/read_set_entry.ts";

/** What a finished transaction hands to the committer. Plain data: it may come from another thread. */
export interface FinishedTransaction extends WriteSet {
  /** The state it read: every commit up to here, and for a lane its own earlier transactions too. */
  readonly snapshot: Timestamp;
  /** The catalog it ran under. */
  readonly catalogTs: Timestamp;
  readonly reads: readonly ReadRange[];
}

export type CommitOutcome =
  /** On disk. Nobody hears of a commit before. */
  | { readonly kind: "committed"; readonly ts: Timestamp }
  /** Something it read has changed: nothing was written; run it again. */
  | { readonly kind: "conflict"; readonly table: string | null };

/** News for a write lane, in order. */
export type LaneNews =
  /** A commit from outside the lane: add it to the overlay until `durable` passes its timestamp. */
  | { readonly kind: "foreign"; readonly sequence: number; readonly ts: Timestamp; readonly writes: WriteSet }
  /** The store now holds everything up to `ts`, and of this lane's own transactions all up to `laneSequence`. */
  | { readonly kind: "durable"; readonly ts: Timestamp; readonly laneSequence: number }
  /** Transaction `laneSequence` and all later ones of `epoch` were refused: drop them from the overlay. */
  | { readonly kind: "refused"; readonly epoch: number; readonly laneSequence: number }
  /** These foreign commits did not come to be (the store failed, or another node was faster): drop them. */
  | { readonly kind: "withdrawn"; readonly sequence: number; readonly sequences: readonly number[] }
  /** The foreign commit known as `was` has moved behind commits of another node. */
  | { readonly kind: "restamped"; readonly was: number; readonly sequence: number; readonly ts: Timestamp };

/** A transaction of a lane: numbered, so that a refusal takes with it those that built upon the refused one. */
export interface LaneTransaction {
  readonly epoch: number;
  /** 1, 2, 3 … over the lane's life, without gaps within an epoch. */
  readonly laneSequence: number;
  /** The greatest `sequence` of the news that the lane had taken in when it ran; 0 before the first. */
  readonly foreignSeen: number;
  readonly catalogTs: Timestamp;
  readonly writes: WriteSet;
  readonly reads: readonly ReadRange[];
}

/** A write lane's end at the committer. */
export interface LanePort {
  /** Order is by `laneSequence`. The promise resolves when the commit is on disk, or was refused. */
  submit(transaction: LaneTransaction): Promise<CommitOutcome>;
  close(): void;
}

export interface Subscription {
  /** No call after this. */
  cancel(): void;
}

export interface HostTransaction extends DatabaseWriter, PlainRows {
  readonly namespace: Namespace;
  /** Changes tables, indexes, schemas and the functions' version, in any namespace. */
  readonly editor: CatalogEditor;
  readonly reads: readonly ReadRange[];
  /** Inserts a document that brings its own `_id` or `_creationTime` (imports). Answers the id. */
  importDocument(table: string, fields: DocumentFields): MaybePromise<string>;
}

export interface TransactOptions {
  readonly namespace?: Namespace;
  /** System tables may be written; by default only plain rows and the app's tables may. */
  readonly system?: boolean;
  /** Named in logs and conflict reports. */
  readonly source: string;
  /** Default: {@link SYSTEM_LIMITS} for system transactions, else {@link DEFAULT_LIMITS}. */
  readonly limits?: TransactionLimits;
}

/** One moment of the database, for host code. `putRow` throws. */
export type EngineSnapshot = DatabaseReader &
  PlainRows & { readonly at: Timestamp; readonly reads: readonly ReadRange[] };

/** The database, on the thread that owns its committer. */
export interface Engine {
  /** The newest commit on disk: what reads are served at. */
  readonly durable: Timestamp;
  /** The catalog as of `durable`. */
  readonly catalog: CatalogImage;

  /** A read-only view. `at` defaults to `durable`; throws `OutOfRetentionError` when it is too old. */
  snapshot(options?: { at?: Timestamp; namespace?: Namespace }): EngineSnapshot;

  /** Runs `body` and commits it, again from the start when it conflicts. Resolves when it is on disk. */
  transact<T>(
    options: TransactOptions,
    body: (tx: HostTransaction) => MaybePromise<T>,
  ): Promise<{ value: T; ts: Timestamp }>;

  /**
   * Opens a lane; `news` is called in order, synchronously, from the committer, and first for what is on its
   * way to disk now. The lane's view has to start at what `durable` is at the moment of this call.
   */
  openLane(news: (news: LaneNews) => void): LanePort;

  /**
   * Calls `changed` once, with the timestamp of the first commit after `since` that touches `reads` and is on
   * disk; within this call when there is such a commit already (or when it can no longer be known).
   */
  subscribe(reads: readonly ReadRange[], since: Timestamp, changed: (ts: Timestamp) => void): Subscription;

  /** Called after every batch that reached the disk. Answers a function that ends it. */
  onDurable(listener: (ts: Timestamp) => void): () => void;

  /** Resolves once `durable` has reached `ts`. */
  waitFor(ts: Timestamp): Promise<void>;

  /**
   * Gives an index its entries for the documents that were there before it, then makes it `ready`. May be
   * repeated after a crash. Resolves to false when the index was dropped meanwhile.
   */
  backfill(indexId: IndexId, progress?: (documents: number) => void): Promise<boolean>;

  /** The oldest timestamp that `snapshot` takes. */
  readonly oldestSnapshot: Timestamp;

  /** Commits what was accepted, then closes the store. */
  close(): Promise<void>;
}

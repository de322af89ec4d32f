import type { CommitOutcome, FinishedTransaction } from "../engine.ts";
import type { IndexId, PublishedCommit } from "../log/commit.ts";
import type { Discarded } from "../persistence/persistence.ts";
import type { StoreErrorCode } from "../persistence/store_error.ts";
import type { Timestamp } from "../timestamp.ts";

/** What the engine's thread asks of the database's. A `number` returns in the answer. */
export type ToDatabase =
  /** `hold` is the number of the hold under which it ran, or 0. */
  | {
      readonly kind: "commit";
      readonly number: number;
      readonly transaction: FinishedTransaction;
      readonly hold: number;
    }
  /** Let nobody else commit until `release`: answered when everything before it is on disk. */
  | { readonly kind: "hold"; readonly number: number }
  | { readonly kind: "release"; readonly hold: number }
  | {
      readonly kind: "prune";
      readonly number: number;
      readonly horizon: Timestamp;
      readonly budget: number;
    }
  | { readonly kind: "discard"; readonly number: number; readonly what: Discarded; readonly budget: number }
  | {
      readonly kind: "backfill";
      readonly number: number;
      readonly indexId: IndexId;
      readonly entries: readonly BackfilledEntry[];
    }
  /** Puts on disk what was accepted, and closes the store. */
  | { readonly kind: "closeDatabase"; readonly number: number };

export interface BackfilledEntry {
  readonly key: string;
  readonly documentId: string;
  readonly ts: Timestamp;
}

/** What the database's thread tells: news of a commit comes before the answer to whoever made it. */
export type FromDatabase =
  | { readonly kind: "durable"; readonly commits: readonly PublishedCommit[]; readonly ts: Timestamp }
  | { readonly kind: "committed"; readonly number: number; readonly outcome: CommitOutcome }
  | { readonly kind: "done"; readonly number: number; readonly value: number | null }
  | { readonly kind: "failed"; readonly number: number; readonly error: SentError }
  /** An invariant is broken: the process must end. */
  | { readonly kind: "fatal"; readonly message: string };

/** An error on its way between threads: a class does not survive the journey. */
export type SentError =
  | { readonly name: "StoreError"; readonly code: StoreErrorCode; readonly message: string }
  | { readonly name: "StoreFailedError" | "EngineClosedError" | "Error"; readonly message: string };

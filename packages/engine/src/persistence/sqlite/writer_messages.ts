import type { IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult, Discarded } from "../persistence.ts";
import type { StoreErrorCode } from "../store_error.ts";
import type { BackfillEntry } from "./backfilling.ts";
import type { PackedCommits } from "./packed_commits.ts";

/** What the writer's thread is started with. */
export interface WriterThreadData {
  readonly path: string;
}

/** What the writer's thread is asked for. `number` returns in the answer. */
export type WriterRequest = { readonly number: number } & (
  | { readonly kind: "append"; readonly head: Timestamp; readonly commits: PackedCommits }
  | { readonly kind: "prune"; readonly horizon: Timestamp; readonly budget: number }
  | { readonly kind: "discard"; readonly what: Discarded; readonly budget: number }
  | { readonly kind: "backfill"; readonly indexId: IndexId; readonly entries: readonly BackfillEntry[] }
  | { readonly kind: "close" }
);

/** What comes back: an error travels as its code and text, because a class does not survive the journey. */
export type WriterAnswer = { readonly number: number } & (
  | { readonly kind: "done"; readonly value: AppendResult | number | undefined }
  | { readonly kind: "failed"; readonly code: StoreErrorCode; readonly message: string }
);

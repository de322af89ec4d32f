import type { IndexKey } from "@tandem/values";
import type { IndexId } from "../log/commit.ts";

/**
 * One stretch of an index that a transaction has looked at, found or not: `[start, end)`. An absent `end` is the
 * single key `start`; `null` reaches to the last key. Plain data, so that it travels between threads cheaply.
 */
export interface ReadRange {
  readonly indexId: IndexId;
  readonly start: IndexKey;
  readonly end?: IndexKey | null;
}

import type { Validator, Value } from "@tandem/values";
import { v } from "@tandem/values";

/** A place in the results of a query. Opaque, and of use only for that query (R §1.8). */
export type Cursor = string;

/** One page of results. */
export interface PaginationResult<T> {
  page: T[];
  /** Whether the results end with this page. */
  isDone: boolean;
  /** Where the next page begins; a string even when there is none. */
  continueCursor: Cursor;
  /** The middle of this page, where it would be split. */
  splitCursor?: Cursor | null;
  /** Whether this page has grown so large that it should, or must, be loaded as two. */
  pageStatus?: "SplitRecommended" | "SplitRequired" | null;
}

/** Which page is asked for. */
export interface PaginationOptions {
  /** How many documents to return; a page may hold fewer or, while it is live, more. */
  numItems: number;
  /** Where the page begins, `null` for the first one. */
  cursor: Cursor | null;
  /** Where the page ends; with it the limits here do not count (R §1.8). */
  endCursor?: Cursor | null;
  /** How many documents may be looked at, those that a filter drops included. */
  maximumRowsRead?: number;
  /** How many bytes of documents may be read. */
  maximumBytesRead?: number;
}

/** Validator of {@link PaginationOptions}, for the `args` of a paginated query. `id` tells sessions of a client apart. */
export const paginationOptsValidator = /* @__PURE__ */ v.object({
  numItems: /* @__PURE__ */ v.number(),
  cursor: /* @__PURE__ */ v.union(/* @__PURE__ */ v.string(), /* @__PURE__ */ v.null()),
  endCursor: /* @__PURE__ */ v.optional(
    /* @__PURE__ */ v.union(/* @__PURE__ */ v.string(), /* @__PURE__ */ v.null()),
  ),
  id: /* @__PURE__ */ v.optional(/* @__PURE__ */ v.number()),
  maximumRowsRead: /* @__PURE__ */ v.optional(/* @__PURE__ */ v.number()),
  maximumBytesRead: /* @__PURE__ */ v.optional(/* @__PURE__ */ v.number()),
});

/** Validator of {@link PaginationResult}, for the `returns` of a paginated query, from one of its items. */
export function paginationResultValidator<T extends Validator<Value, "required", string>>(itemValidator: T) {
  return v.object({
    page: v.array(itemValidator),
    continueCursor: v.string(),
    isDone: v.boolean(),
    splitCursor: v.optional(v.union(v.string(), v.null())),
    pageStatus: v.optional(v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"), v.null())),
  });
}

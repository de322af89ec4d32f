import type { Value } from "@tandem/values";
import { ConvexError } from "@tandem/values";

/** How far a paginated query has come. */
export type PaginationStatus = "LoadingFirstPage" | "CanLoadMore" | "LoadingMore" | "Exhausted";

/** Asks for `numItems` more items; answers whether that began anything. */
export type LoadMoreOfPaginatedQuery = (numItems: number) => boolean;

/** The items of all loaded pages, as one list. */
export type PaginatedQueryResult<T> = {
  results: T[];
  status: PaginationStatus;
  loadMore: LoadMoreOfPaginatedQuery;
};

/** What one page's query returns (P §2.6). */
export type PageResult = {
  page: Value[];
  isDone: boolean;
  continueCursor: string;
  splitCursor?: string | null;
  pageStatus?: "SplitRecommended" | "SplitRequired" | null;
};

type PageArgs = Record<string, Value>;

/** The pages of one list: which queries stand for which part of it, in order. */
export type Pages = {
  /** The keys of the pages that make up the list. */
  order: readonly number[];
  /** The arguments of every page's query, of halves that are still loading too. */
  args: ReadonlyMap<number, PageArgs>;
  /** Pages that two halves will replace once both are loaded. */
  splits: ReadonlyMap<number, readonly [number, number]>;
  nextKey: number;
  /** The user's arguments. */
  userArgs: PageArgs;
  /** Makes each list's queries its own, even among lists with the same arguments. */
  id: number;
  initialNumItems: number;
};

/** A list that begins with one page. */
export function firstPage(userArgs: PageArgs, initialNumItems: number, id: number): Pages {
  const empty = { order: [], args: new Map(), splits: new Map(), nextKey: 0, userArgs, id, initialNumItems };
  return addPage(empty, null, initialNumItems);
}

/** The list with one more page, which begins at `cursor`. */
export function addPage(pages: Pages, cursor: string | null, numItems: number): Pages {
  const { order, nextKey, userArgs, id } = pages;
  const args = { ...userArgs, paginationOpts: { numItems, cursor, id } };
  return {
    ...pages,
    order: [...order, nextKey],
    args: new Map(pages.args).set(nextKey, args),
    nextKey: nextKey + 1,
  };
}

/**
 * The list after everything its results call for: pages that have grown too large
 * begin to split, and halves that are both loaded take their page's place. The
 * same object when nothing is called for.
 */
export function advance(pages: Pages, resultOf: (key: number) => PageResult | undefined): Pages {
  for (const key of pages.order) {
    const halves = pages.splits.get(key);
    const result = resultOf(key);
    if (halves !== undefined) {
      if (halves.every((half) => resultOf(half) !== undefined))
        return advance(replace(pages, key, halves), resultOf);
    } else if (result?.splitCursor && shouldSplit(result, pages.initialNumItems)) {
      return advance(split(pages, key, result.splitCursor, result.continueCursor), resultOf);
    }
  }
  return pages;
}

function shouldSplit({ page, pageStatus }: PageResult, initialNumItems: number): boolean {
  return (
    pageStatus === "SplitRecommended" || pageStatus === "SplitRequired" || page.length > initialNumItems * 2
  );
}

function split(pages: Pages, key: number, splitCursor: string, continueCursor: string): Pages {
  const original = pages.args.get(key)!;
  const options = original.paginationOpts as PageArgs;
  const { nextKey } = pages;
  const args = new Map(pages.args)
    .set(nextKey, { ...original, paginationOpts: { ...options, endCursor: splitCursor } })
    .set(nextKey + 1, {
      ...original,
      paginationOpts: { ...options, cursor: splitCursor, endCursor: continueCursor },
    });
  return {
    ...pages,
    args,
    splits: new Map(pages.splits).set(key, [nextKey, nextKey + 1]),
    nextKey: nextKey + 2,
  };
}

function replace(pages: Pages, key: number, halves: readonly [number, number]): Pages {
  const args = new Map(pages.args);
  const splits = new Map(pages.splits);
  args.delete(key);
  splits.delete(key);
  return { ...pages, order: pages.order.flatMap((other) => (other === key ? halves : other)), args, splits };
}

/** What the loaded pages amount to; `cursor` is where the next page would begin. */
export type PagesView = { items: Value[]; status: PaginationStatus; cursor: string | undefined };

/**
 * Joins the pages. Stops before the first that is not loaded and, with
 * `stopAtIncompletePage`, before one that the server could not read to its end.
 */
export function joinPages(
  pages: Pages,
  resultOf: (key: number) => PageResult | undefined,
  stopAtIncompletePage: boolean,
): PagesView {
  const items: Value[] = [];
  let last: PageResult | undefined;
  for (const key of pages.order) {
    const result = resultOf(key);
    if (result === undefined || (stopAtIncompletePage && result.pageStatus === "SplitRequired")) {
      return { items, status: pages.nextKey === 1 ? "LoadingFirstPage" : "LoadingMore", cursor: undefined };
    }
    items.push(...result.page);
    last = result;
  }
  return { items, status: last?.isDone ? "Exhausted" : "CanLoadMore", cursor: last?.continueCursor };
}

/**
 * Whether a page failed because its cursor belongs to another query or another
 * version of it, so that the list has to begin anew (P §4.7).
 */
export function isInvalidCursor(error: Error): boolean {
  if (error.message.includes("InvalidCursor")) return true;
  const data: unknown = error instanceof ConvexError ? error.data : undefined;
  if (typeof data !== "object" || data === null) return false;
  const { isConvexSystemError, paginationError } = data as Record<string, unknown>;
  return isConvexSystemError === true && paginationError === "InvalidCursor";
}

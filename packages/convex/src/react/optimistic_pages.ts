import type { Value } from "@tandem/values";
import type { OptimisticLocalStore } from "../browser/sync/optimistic.ts";
import { encodeValue } from "../browser/sync/wire_values.ts";
import type { FunctionArgs } from "../server/function_reference.ts";
import type { PaginationResult } from "../server/pagination.ts";
import type {
  PaginatedQueryArgs,
  PaginatedQueryItem,
  PaginatedQueryReference,
} from "./paginated_query_types.ts";
import { compareKeys } from "./value_order.ts";

type AnyPage = { args: Record<string, Value>; value: PaginationResult<Value> };

type InsertOptions<Query extends PaginatedQueryReference> = {
  paginatedQuery: Query;
  /** Only lists with these arguments; others may have any value. */
  argsToMatch?: Partial<PaginatedQueryArgs<Query>>;
  localQueryStore: OptimisticLocalStore;
  item: PaginatedQueryItem<Query>;
};

/**
 * Passes every loaded item of a paginated query, in all pages of the lists with
 * these `args`, through `updateValue`. For optimistic updates.
 *
 * @example
 * ```ts
 * optimisticallyUpdateValueInPaginatedQuery(localStore, api.tasks.list, {}, (task) =>
 *   task._id === args.id ? { ...task, done: true } : task,
 * );
 * ```
 */
export function optimisticallyUpdateValueInPaginatedQuery<Query extends PaginatedQueryReference>(
  localStore: OptimisticLocalStore,
  query: Query,
  args: PaginatedQueryArgs<Query>,
  updateValue: (currentValue: PaginatedQueryItem<Query>) => PaginatedQueryItem<Query>,
): void {
  const wanted = args as Record<string, Value>;
  for (const page of loadedPages(localStore, query)) {
    const { paginationOpts: _, ...others } = page.args;
    if (!sameValue(others, wanted)) continue;
    setPage(localStore, query, page, page.value.page.map(updateValue));
  }
}

/** Puts `item` at the beginning of every matching list, whatever its order. For optimistic updates. */
export function insertAtTop<Query extends PaginatedQueryReference>(options: InsertOptions<Query>): void {
  const { paginatedQuery, localQueryStore, item } = options;
  for (const page of matchingPages(options)) {
    if (cursorOf(page) !== null) continue;
    setPage(localQueryStore, paginatedQuery, page, [item, ...page.value.page]);
  }
}

/**
 * Puts `item` at the end of every matching list whose last page is loaded. Others
 * stay as they are: their end is not in sight, so the item would only flash up.
 */
export function insertAtBottomIfLoaded<Query extends PaginatedQueryReference>(
  options: InsertOptions<Query>,
): void {
  const { paginatedQuery, localQueryStore, item } = options;
  for (const page of matchingPages(options)) {
    if (!page.value.isDone) continue;
    setPage(localQueryStore, paginatedQuery, page, [...page.value.page, item]);
  }
}

/**
 * Puts `item` where it belongs in every matching list. The list's query must sort
 * by the same key and in the same direction; add a tie-breaker such as
 * `_creationTime` to the key.
 */
export function insertAtPosition<Query extends PaginatedQueryReference>(
  options: InsertOptions<Query> & {
    sortOrder: "asc" | "desc";
    sortKeyFromItem: (element: PaginatedQueryItem<Query>) => Value | Value[];
  },
): void {
  const { paginatedQuery, localQueryStore, item, sortOrder, sortKeyFromItem } = options;
  const direction = sortOrder === "asc" ? 1 : -1;
  const key = sortKeyFromItem(item);
  const comesAfterItem = (other: Value) => direction * compareKeys(sortKeyFromItem(other), key) > 0;

  // Pages of one list share everything but where they begin and end.
  const lists = new Map<string, AnyPage[]>();
  for (const page of matchingPages(options)) {
    const { paginationOpts, ...others } = page.args;
    const list = JSON.stringify(
      encodeValue({ ...others, "": (paginationOpts as Record<string, Value>).id ?? null }),
    );
    lists.set(list, [...(lists.get(list) ?? []), page]);
  }
  for (const pages of lists.values()) {
    const inOrder = pages
      .filter(({ value }) => value.page.length > 0)
      .sort(
        (a, b) => direction * compareKeys(sortKeyFromItem(a.value.page[0]), sortKeyFromItem(b.value.page[0])),
      );
    // Behind everything that is loaded it belongs on the last page, and only if that is loaded.
    const page =
      inOrder.find(({ value }) => comesAfterItem(value.page.at(-1)!)) ??
      pages.find(({ value }) => value.isDone);
    if (page === undefined) continue;
    const items = page.value.page;
    const index = items.findIndex(comesAfterItem);
    const at = index < 0 ? items.length : index;
    setPage(localQueryStore, paginatedQuery, page, [...items.slice(0, at), item, ...items.slice(at)]);
  }
}

function loadedPages(store: OptimisticLocalStore, query: PaginatedQueryReference): AnyPage[] {
  return (store.getAllQueries(query) as unknown as AnyPage[]).filter(({ value }) => value !== undefined);
}

function matchingPages<Query extends PaginatedQueryReference>(options: InsertOptions<Query>): AnyPage[] {
  const wanted = Object.entries((options.argsToMatch ?? {}) as Record<string, Value>);
  return loadedPages(options.localQueryStore, options.paginatedQuery).filter(({ args }) =>
    wanted.every(([name, value]) => sameValue(args[name], value)),
  );
}

function setPage(
  store: OptimisticLocalStore,
  query: PaginatedQueryReference,
  { args, value }: AnyPage,
  page: Value[],
): void {
  store.setQuery(query, args as unknown as FunctionArgs<typeof query>, { ...value, page });
}

function cursorOf({ args }: AnyPage): Value | undefined {
  return (args.paginationOpts as Record<string, Value>).cursor;
}

function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  return compareKeys(a, b) === 0;
}

import type { Value } from "@tandem/values";
import { useMemo, useState } from "react";
import { argumentsObject } from "../browser/sync/function_path.ts";
import {
  addPage,
  advance,
  firstPage,
  isInvalidCursor,
  joinPages,
  type PageResult,
  type Pages,
  type PagesView,
} from "../browser/sync/pagination.ts";
import { encodeValue } from "../browser/sync/wire_values.ts";
import { getFunctionName, makeFunctionReference } from "../server/api.ts";
import type { FunctionReference } from "../server/function_reference.ts";
import type { QueryRequests } from "./live_results.ts";
import type {
  PaginatedQueryArgs,
  PaginatedQueryItem,
  PaginatedQueryReference,
  UsePaginatedQueryObjectReturnType,
  UsePaginatedQueryOptions,
  UsePaginatedQueryResult,
  UsePaginatedQueryReturnType,
} from "./paginated_query_types.ts";
import { useRequiredConvex } from "./provider.ts";
import { useLiveQueries } from "./use_queries.ts";

let lastId = 0;

/** Begins the numbering of paginated lists anew, so that a test can foretell their arguments. */
export function resetPaginationId(): void {
  lastId = 0;
}

/**
 * Loads a paginated query as one growing live list. Begins anew when the query
 * or its arguments change.
 *
 * @param args - without `paginationOpts`, or `"skip"`
 * @param options - `initialNumItems` is the size of the first page
 * @throws the query's error, during rendering, when a page failed
 *
 * @example
 * ```tsx
 * const { results, status, loadMore } = usePaginatedQuery(api.messages.list, {}, { initialNumItems: 20 });
 * ```
 */
export function usePaginatedQuery<Query extends PaginatedQueryReference>(
  query: Query,
  args: PaginatedQueryArgs<Query> | "skip",
  options: { initialNumItems: number },
): UsePaginatedQueryReturnType<Query> {
  const list = useList(query, args as ListArgs, options?.initialNumItems, true, "usePaginatedQuery()");
  return positionalResult(list) as UsePaginatedQueryReturnType<Query>;
}

/**
 * {@link usePaginatedQuery} as it may become: with an options object it returns
 * errors, unless `throwOnError` is set, and spells its state out. Experimental.
 */
export function usePaginatedQuery_experimental<Query extends PaginatedQueryReference>(
  query: Query,
  args: PaginatedQueryArgs<Query> | "skip",
  options: { initialNumItems: number },
): UsePaginatedQueryReturnType<Query>;
export function usePaginatedQuery_experimental<
  Query extends PaginatedQueryReference,
  ThrowOnError extends boolean = false,
>(
  options: UsePaginatedQueryOptions<Query, ThrowOnError>,
): UsePaginatedQueryObjectReturnType<Query, ThrowOnError>;
export function usePaginatedQuery_experimental(
  queryOrOptions: PaginatedQueryReference | UsePaginatedQueryOptions<PaginatedQueryReference, boolean>,
  positionalArgs?: Record<string, Value> | "skip",
  positionalOptions?: { initialNumItems: number },
): unknown {
  const hook = "usePaginatedQuery_experimental()";
  const positional = positionalArgs !== undefined || positionalOptions !== undefined;
  const { query, args, initialNumItems, throwOnError } = positional
    ? {
        query: queryOrOptions as PaginatedQueryReference,
        args: positionalArgs!,
        initialNumItems: positionalOptions?.initialNumItems as number,
        throwOnError: true,
      }
    : (queryOrOptions as UsePaginatedQueryOptions<PaginatedQueryReference, boolean>);
  const list = useList(query, args as ListArgs, initialNumItems, false, hook);
  if (positional) return positionalResult(list);
  if (list.error !== undefined && throwOnError) throw list.error;
  return objectResult(list);
}

type ListArgs = Record<string, Value> | "skip";

type List = PagesView & { error: Error | undefined; loadMore: (numItems: number) => boolean };

function positionalResult(list: List): UsePaginatedQueryResult<Value> {
  if (list.error !== undefined) throw list.error;
  const { items, status, loadMore } = list;
  const isLoading = status === "LoadingFirstPage" || status === "LoadingMore";
  return { results: items, status, isLoading, loadMore } as UsePaginatedQueryResult<Value>;
}

function objectResult({ items, status, error, loadMore }: List) {
  const pending = status === "LoadingFirstPage" || status === "LoadingMore";
  return {
    data: (status === "LoadingFirstPage" && error === undefined
      ? undefined
      : items) as PaginatedQueryItem<PaginatedQueryReference>[],
    status: error !== undefined ? "error" : pending ? "pending" : "success",
    canLoadMore: error === undefined && status === "CanLoadMore",
    isLoading: error === undefined && pending,
    error,
    loadMore,
  };
}

/** A list and what it is of: another query, other arguments or another first page make it another list. */
type ListState = { of: string; pages: Pages | undefined };

function useList(
  query: PaginatedQueryReference,
  args: ListArgs,
  initialNumItems: number,
  stopAtIncompletePage: boolean,
  hook: string,
): List {
  if (typeof initialNumItems !== "number" || !(initialNumItems >= 0)) {
    throw new Error(`${hook} needs a number as initialNumItems, not: ${initialNumItems}`);
  }
  const client = useRequiredConvex(hook);
  const name = getFunctionName(query);
  const begin = (): ListState => ({
    of: describe(name, args),
    pages: args === "skip" ? undefined : firstPage(argumentsObject(args), initialNumItems, ++lastId),
  });
  const [stored, setState] = useState(begin);
  let state = stored;
  if (state.of !== describe(name, args)) {
    state = begin();
    setState(state);
  }

  const { pages } = state;
  const queries = useMemo(() => pageQueries(name, pages), [name, pages]);
  const results = useLiveQueries(queries, hook);

  // One object per state and results, so that its loadMore works once however often the component renders.
  const { list, next } = useMemo(() => {
    const { view, error, next } = readPages(pages, results, stopAtIncompletePage);
    let asked = false;
    const loadMore = (numItems: number): boolean => {
      if (asked || pages === undefined || view.status !== "CanLoadMore" || view.cursor === undefined)
        return false;
      asked = true;
      const { cursor } = view;
      setState((latest) =>
        // Another list may have begun, or a page may have been split, since this was rendered.
        latest.pages === undefined || latest.pages.id !== pages.id
          ? latest
          : { ...latest, pages: addPage(latest.pages, cursor, numItems) },
      );
      return true;
    };
    return { list: { ...view, error, loadMore }, next };
  }, [pages, results, stopAtIncompletePage]);

  if (list.error !== undefined && isInvalidCursor(list.error)) {
    client.logger.warn(`${hook} begins anew: ${list.error.message}`);
    setState(begin());
    return { ...NOTHING, error: undefined, loadMore: () => false };
  }
  if (next !== pages) setState({ ...state, pages: next });
  return list;
}

function describe(name: string, args: ListArgs): string {
  return args === "skip" ? args : JSON.stringify([name, encodeValue(argumentsObject(args))]);
}

function pageQueries(name: string, pages: Pages | undefined): QueryRequests {
  const query: FunctionReference<"query"> = makeFunctionReference<"query">(name);
  return Object.fromEntries([...(pages?.args ?? [])].map(([key, args]) => [key, { query, args }]));
}

const NOTHING: PagesView = { items: [], status: "LoadingFirstPage", cursor: undefined };

/** What the results of the pages' queries amount to, and the list that they call for. */
function readPages(
  pages: Pages | undefined,
  results: Record<string, Value | Error | undefined>,
  stopAtIncompletePage: boolean,
): { view: PagesView; error: Error | undefined; next: Pages | undefined } {
  if (pages === undefined) return { view: NOTHING, error: undefined, next: pages };
  const error = [...pages.args.keys()].map((key) => results[key]).find((result) => result instanceof Error);
  const resultOf = (key: number) => {
    const result = results[key];
    return result instanceof Error ? undefined : (result as PageResult | undefined);
  };
  return {
    view: joinPages(pages, resultOf, stopAtIncompletePage),
    error,
    next: error === undefined ? advance(pages, resultOf) : pages,
  };
}

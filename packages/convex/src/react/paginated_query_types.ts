import type { FunctionArgs, FunctionReference, FunctionReturnType } from "../server/function_reference.ts";
import type { PaginationOptions, PaginationResult } from "../server/pagination.ts";
import type { BetterOmit, Expand } from "../server/type_shapes.ts";

/** A public query that takes `paginationOpts` and returns a page. */
export type PaginatedQueryReference = FunctionReference<
  "query",
  "public",
  { paginationOpts: PaginationOptions },
  // biome-ignore lint/suspicious/noExplicitAny: items of any type
  PaginationResult<any>
>;

/** The arguments of a paginated query that its callers pass. */
export type PaginatedQueryArgs<Query extends PaginatedQueryReference> = Expand<
  BetterOmit<FunctionArgs<Query>, "paginationOpts">
>;

/** An item of a paginated query. */
export type PaginatedQueryItem<Query extends PaginatedQueryReference> =
  FunctionReturnType<Query>["page"][number];

/** What `usePaginatedQuery` returns; `loadMore` does something only while the status is `CanLoadMore`. */
export type UsePaginatedQueryResult<Item> = {
  results: Item[];
  loadMore: (numItems: number) => void;
} & (
  | { status: "LoadingFirstPage"; isLoading: true }
  | { status: "CanLoadMore"; isLoading: false }
  | { status: "LoadingMore"; isLoading: true }
  | { status: "Exhausted"; isLoading: false }
);

/** How far a paginated query has come. */
export type PaginationStatus = UsePaginatedQueryResult<unknown>["status"];

/** What `usePaginatedQuery` returns for `Query`. */
export type UsePaginatedQueryReturnType<Query extends PaginatedQueryReference> = UsePaginatedQueryResult<
  PaginatedQueryItem<Query>
>;

/** Options of `usePaginatedQuery_experimental`. */
export type UsePaginatedQueryOptions<
  Query extends PaginatedQueryReference,
  ThrowOnError extends boolean = false,
> = {
  query: Query;
  args: PaginatedQueryArgs<Query> | "skip";
  initialNumItems: number;
  /** Throw errors during rendering instead of returning them. Default: false. */
  throwOnError?: ThrowOnError;
};

/** What `usePaginatedQuery_experimental` returns for an options object. */
export type UsePaginatedQueryObjectReturnType<
  Query extends PaginatedQueryReference,
  ThrowOnError extends boolean = false,
> =
  | {
      data: PaginatedQueryItem<Query>[] | undefined;
      status: "pending";
      canLoadMore: false;
      isLoading: true;
      error: undefined;
      loadMore: (numItems: number) => void;
    }
  | {
      data: PaginatedQueryItem<Query>[];
      status: "success";
      canLoadMore: boolean;
      isLoading: false;
      error: undefined;
      loadMore: (numItems: number) => void;
    }
  | (ThrowOnError extends true
      ? never
      : {
          data: PaginatedQueryItem<Query>[];
          status: "error";
          canLoadMore: false;
          isLoading: false;
          error: Error;
          loadMore: (numItems: number) => void;
        });

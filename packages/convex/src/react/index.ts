export type { QueryOptions } from "../browser/query_options.ts";
export type { AuthTokenFetcher } from "../browser/sync/authentication.ts";
export { Authenticated, AuthLoading, AuthRefreshing, Unauthenticated } from "./auth_components.ts";
export { type ConvexAuthState, ConvexProviderWithAuth, useConvexAuth } from "./auth_provider.ts";
export {
  ConvexReactClient,
  type ConvexReactClientOptions,
  type MutationOptions,
  type Watch,
  type WatchQueryOptions,
} from "./client.ts";
export {
  insertAtBottomIfLoaded,
  insertAtPosition,
  insertAtTop,
  optimisticallyUpdateValueInPaginatedQuery,
} from "./optimistic_pages.ts";
export type {
  PaginatedQueryArgs,
  PaginatedQueryItem,
  PaginatedQueryReference,
  PaginationStatus,
  UsePaginatedQueryObjectReturnType,
  UsePaginatedQueryOptions,
  UsePaginatedQueryResult,
  UsePaginatedQueryReturnType,
} from "./paginated_query_types.ts";
export { ConvexProvider, useConvex } from "./provider.ts";
export { useConvexConnectionState } from "./use_connection_state.ts";
export { type ReactAction, type ReactMutation, useAction, useMutation } from "./use_mutation.ts";
export {
  resetPaginationId,
  usePaginatedQuery,
  usePaginatedQuery_experimental,
} from "./use_paginated_query.ts";
export { type Preloaded, usePreloadedQuery } from "./use_preloaded_query.ts";
export { type RequestForQueries, useQueries } from "./use_queries.ts";
export {
  type OptionalRestArgsOrSkip,
  type UseQueryResult,
  useQuery,
  useQuery_experimental,
} from "./use_query.ts";

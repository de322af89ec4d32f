export { ConvexClient, type ConvexClientOptions, type Unsubscribe } from "./convex_client.ts";
export { ConvexHttpClient, type HttpMutationOptions } from "./http_client.ts";
export type { Logger } from "./logging.ts";
export type { QueryOptions } from "./query_options.ts";
export type { AuthTokenFetcher } from "./sync/authentication.ts";
export { BaseConvexClient } from "./sync/base_client.ts";
export type {
  BaseConvexClientOptions,
  MutationOptions,
  QueryModification,
  SubscribeOptions,
  Transition,
} from "./sync/client_types.ts";
export type { ConnectionState } from "./sync/connection_state.ts";
export { type Environment, realEnvironment, type TimerHandle } from "./sync/environment.ts";
export type { QueryToken } from "./sync/function_path.ts";
export type { FunctionFailure, FunctionResult, FunctionSuccess } from "./sync/function_result.ts";
export type { QueryJournal } from "./sync/messages.ts";
export type { OptimisticLocalStore, OptimisticUpdate } from "./sync/optimistic.ts";
export type { LoadMoreOfPaginatedQuery, PaginatedQueryResult, PaginationStatus } from "./sync/pagination.ts";

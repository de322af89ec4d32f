import type { Value } from "@tandem/values";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type { FunctionReference } from "../server/function_reference.ts";
import { LiveResults, type QueryRequests, type QueryResults } from "./live_results.ts";
import { useRequiredConvex } from "./provider.ts";

/** Queries to load with {@link useQueries}, by names of the caller's choosing. */
export type RequestForQueries = Record<
  string,
  { query: FunctionReference<"query">; args: Record<string, Value> }
>;

/**
 * Loads any number of live queries in one component.
 *
 * @param queries - by name; kept in `useMemo` or outside of the component, it costs nothing to pass again
 * @returns for each name the result, `undefined` while loading, or the `Error` the query failed with
 *
 * @example
 * ```tsx
 * const results = useQueries({ general: { query: api.messages.list, args: { channel: "#general" } } });
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: the public type, since the names say nothing of the results
export function useQueries(queries: QueryRequests): Record<string, any | undefined | Error> {
  return useLiveQueries(queries, "useQueries()");
}

/** {@link useQueries} for the hook named `hook`. */
export function useLiveQueries(queries: QueryRequests, hook: string): QueryResults {
  const client = useRequiredConvex(hook);
  const live = useMemo(() => new LiveResults(client), [client]);
  const read = useCallback(() => live.read(queries), [live, queries]);
  // The subscriptions are laid before the store's own check for changes since the render, so that none is missed.
  useEffect(() => live.setQueries(queries), [live, queries]);
  useEffect(() => () => live.setQueries({}), [live]);
  return useSyncExternalStore(live.subscribe, read, read);
}

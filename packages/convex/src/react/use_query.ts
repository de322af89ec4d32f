import type { Value } from "@tandem/values";
import { useMemo } from "react";
import { argumentsObject } from "../browser/sync/function_path.ts";
import { encodeValue } from "../browser/sync/wire_values.ts";
import { getFunctionName, makeFunctionReference } from "../server/api.ts";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
} from "../server/function_reference.ts";
import type { EmptyObject } from "../server/registered_function.ts";
import type { QueryRequests } from "./live_results.ts";
import { useLiveQueries } from "./use_queries.ts";

/** The arguments of a query, or `"skip"` for not loading it. */
export type OptionalRestArgsOrSkip<
  // biome-ignore lint/suspicious/noExplicitAny: any function at all
  FuncRef extends FunctionReference<any> | FunctionReference_future<any>,
> =
  FunctionArgs<FuncRef> extends EmptyObject
    ? [args?: EmptyObject | "skip"]
    : [args: FunctionArgs<FuncRef> | "skip"];

/** What {@link useQuery_experimental} returns. */
export type UseQueryResult<QueryResult, ThrowOnError extends boolean = false> =
  | { status: "pending" }
  | { status: "success"; data: QueryResult }
  | (ThrowOnError extends true ? never : { status: "error"; error: Error });

type UseQueryOptions<
  Query extends FunctionReference<"query"> | FunctionReference_future<"query">,
  ThrowOnError extends boolean,
> = {
  query: Query;
  args: FunctionArgs<Query> | "skip";
  throwOnError?: ThrowOnError;
};

/**
 * Loads a live query: the component renders again whenever the result changes.
 *
 * @returns the result, or `undefined` while it is loading or skipped
 * @throws the query's error, during rendering, when it failed
 *
 * @example
 * ```tsx
 * const messages = useQuery(api.messages.list, user ? { user } : "skip");
 * ```
 */
export function useQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
  query: Query,
  ...args: OptionalRestArgsOrSkip<Query>
): FunctionReturnType<Query> | undefined {
  const result = useOneQuery(query, args[0], "useQuery()");
  if (result instanceof Error) throw result;
  return result as FunctionReturnType<Query> | undefined;
}

/** Like {@link useQuery}, with its state spelled out and errors returned, unless `throwOnError` is set. Experimental. */
export function useQuery_experimental<
  Query extends FunctionReference<"query"> | FunctionReference_future<"query">,
  ThrowOnError extends boolean = false,
>(options: UseQueryOptions<Query, ThrowOnError>): UseQueryResult<FunctionReturnType<Query>, ThrowOnError> {
  const { query, args, throwOnError } = options;
  const result = useOneQuery(query, args, "useQuery_experimental()");
  if (result instanceof Error) {
    if (throwOnError) throw result;
    return { status: "error", error: result } as UseQueryResult<FunctionReturnType<Query>, ThrowOnError>;
  }
  return result === undefined
    ? { status: "pending" }
    : { status: "success", data: result as FunctionReturnType<Query> };
}

function useOneQuery(
  query: FunctionReference<"query"> | FunctionReference_future<"query">,
  argsOrSkip: Record<string, Value> | "skip" | undefined,
  hook: string,
): Value | Error | undefined {
  const name = getFunctionName(query);
  const key = argsOrSkip === "skip" ? argsOrSkip : JSON.stringify(encodeValue(argumentsObject(argsOrSkip)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the arguments, which are a new object in every render
  const queries = useMemo((): QueryRequests => {
    if (argsOrSkip === "skip") return {};
    return { query: { query: makeFunctionReference<"query">(name), args: argumentsObject(argsOrSkip) } };
  }, [name, key]);
  return useLiveQueries(queries, hook).query;
}

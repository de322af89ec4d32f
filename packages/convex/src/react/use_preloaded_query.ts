import { useMemo } from "react";
import { decodeValue } from "../browser/sync/wire_values.ts";
import { makeFunctionReference } from "../server/api.ts";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
} from "../server/function_reference.ts";
import { type OptionalRestArgsOrSkip, useQuery } from "./use_query.ts";

/** A query's result, loaded on the server that rendered the page, to be passed to {@link usePreloadedQuery}. */
export type Preloaded<Query extends FunctionReference<"query"> | FunctionReference_future<"query">> = {
  __type: Query;
  _name: string;
  _argsJSON: string;
  _valueJSON: string;
};

/** A query that begins with a preloaded result and is live from there on. */
export function usePreloadedQuery<
  Query extends FunctionReference<"query"> | FunctionReference_future<"query">,
>(preloadedQuery: Preloaded<Query>): FunctionReturnType<Query> {
  const { _name, _argsJSON, _valueJSON } = preloadedQuery;
  // Typed as strings, these hold JSON values (P §2.7).
  const args = useMemo(() => decode(_argsJSON) as FunctionArgs<Query>, [_argsJSON]);
  const preloaded = useMemo(() => decode(_valueJSON) as FunctionReturnType<Query>, [_valueJSON]);
  const live = useQuery(
    makeFunctionReference<"query">(_name) as Query,
    ...([args] as OptionalRestArgsOrSkip<Query>),
  );
  return live === undefined ? preloaded : live;
}

function decode(json: string) {
  // A copy, because decoding takes its input over and props are not ours.
  return decodeValue(JSON.parse(JSON.stringify(json)));
}

import type { Value } from "@tandem/values";
import { useMemo } from "react";
import { argumentsObject } from "../browser/sync/function_path.ts";
import type { OptimisticUpdate } from "../browser/sync/optimistic.ts";
import { getFunctionName, makeFunctionReference } from "../server/api.ts";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  OptionalRestArgs,
} from "../server/function_reference.ts";
import type { ConvexReactClient } from "./client.ts";
import { useRequiredConvex } from "./provider.ts";

/** A mutation to call. */
export interface ReactMutation<
  Mutation extends FunctionReference<"mutation"> | FunctionReference_future<"mutation">,
> {
  /** Runs it; the promise resolves once this client's queries show its effects. */
  (...args: OptionalRestArgs<Mutation>): Promise<FunctionReturnType<Mutation>>;

  /** The same mutation, showing its likely outcome at once until the real one is there. To be called once. */
  withOptimisticUpdate<T extends OptimisticUpdate<FunctionArgs<Mutation>>>(
    optimisticUpdate: T &
      // biome-ignore lint/suspicious/noExplicitAny: any promise at all
      // biome-ignore lint/complexity/noBannedTypes: `T & {}` is T
      (ReturnType<T> extends Promise<any> ? "Optimistic update handlers must be synchronous" : {}),
  ): ReactMutation<Mutation>;
}

/** An action to call. */
export interface ReactAction<
  Action extends FunctionReference<"action"> | FunctionReference_future<"action">,
> {
  /** Runs it. */
  // biome-ignore lint/style/useShorthandFunctionType: an interface, as the public type is one and apps may extend it
  (...args: OptionalRestArgs<Action>): Promise<FunctionReturnType<Action>>;
}

type Args = Record<string, Value>;

/** A {@link ReactMutation} of `client`. @internal */
export function createMutation(
  reference: FunctionReference<"mutation"> | FunctionReference_future<"mutation">,
  client: ConvexReactClient,
  update?: OptimisticUpdate<Args>,
  // biome-ignore lint/suspicious/noExplicitAny: the hook's type says which mutation it is
): ReactMutation<any> {
  const call = (args?: Args) => {
    rejectEvent(args);
    return client.mutation(reference as FunctionReference<"mutation">, args, { optimisticUpdate: update });
  };
  return Object.assign(call, {
    withOptimisticUpdate(optimisticUpdate: OptimisticUpdate<Args>) {
      if (update !== undefined) {
        throw new Error(`The mutation ${getFunctionName(reference)} already has an optimistic update.`);
      }
      return createMutation(reference, client, optimisticUpdate);
    },
    // biome-ignore lint/suspicious/noExplicitAny: as above
  }) as ReactMutation<any>;
}

/**
 * A function that runs a mutation, the same one in every render.
 *
 * @example
 * ```tsx
 * const send = useMutation(api.messages.send);
 * <button onClick={() => send({ body: "hi" })}>Send</button>
 * ```
 */
export function useMutation<
  Mutation extends FunctionReference<"mutation"> | FunctionReference_future<"mutation">,
>(mutation: Mutation): ReactMutation<Mutation> {
  const client = useRequiredConvex("useMutation()");
  const name = getFunctionName(mutation);
  return useMemo(() => createMutation(makeFunctionReference<"mutation">(name), client), [client, name]);
}

/**
 * A function that runs an action, the same one in every render. Actions may fail
 * for reasons beyond the app, so their errors want handling.
 */
export function useAction<Action extends FunctionReference<"action"> | FunctionReference_future<"action">>(
  action: Action,
): ReactAction<Action> {
  const client = useRequiredConvex("useAction()");
  const name = getFunctionName(action);
  return useMemo(
    () =>
      ((args?: Args) => {
        rejectEvent(args);
        return client.action(makeFunctionReference<"action">(name), args);
      }) as ReactAction<Action>,
    [client, name],
  );
}

/** `onClick={send}` would pass the click as the arguments, which is never what is meant. */
function rejectEvent(args: Args | undefined): void {
  const event = args as { bubbles?: unknown; persist?: unknown; isDefaultPrevented?: unknown } | undefined;
  if (event?.bubbles !== undefined && event.persist && event.isDefaultPrevented) {
    throw new Error(
      "A Convex function was called with a React event as its arguments: write onClick={() => send({ body })}, not onClick={send}.",
    );
  }
  argumentsObject(args);
}

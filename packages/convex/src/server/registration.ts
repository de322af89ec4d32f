import { actionContext, httpActionContext, mutationContexts, queryContexts } from "./abi/context.ts";
import { type DeclaredValidator, exportedValidator } from "./abi/exported_validator.ts";
import { type Handler, invoke, run } from "./abi/invoke.ts";
import type { ActionBuilder, HttpActionBuilder, MutationBuilder, QueryBuilder } from "./builders.ts";
import type { FunctionVisibility } from "./registered_function.ts";

type Definition = Handler | { handler: Handler; args?: DeclaredValidator; returns?: DeclaredValidator };

/** What a module exports for a handler: callable, since handlers once were, but meant for the host. */
function callable(builderName: string, handler: Handler, marks: object): object {
  const exported = (ctx: unknown, args: unknown): unknown => {
    console.warn(
      `A function made with \`${builderName}\` was called directly, past its validators and its transaction. Move what both callers need into a plain function.`,
    );
    return handler(ctx, args);
  };
  return Object.assign(exported, marks, { _handler: handler });
}

/** Makes a builder. The marks are the properties by which the host knows what a function is (R §1.1). */
function builder(
  name: string,
  visibility: FunctionVisibility,
  marksOf: (handler: Handler) => object,
): (definition: Definition) => object {
  const visibilityMark = visibility === "public" ? { isPublic: true } : { isInternal: true };
  return (definition) => {
    const { handler, args, returns } =
      typeof definition === "function"
        ? { handler: definition, args: undefined, returns: undefined }
        : definition;
    return callable(name, handler, {
      ...marksOf(handler),
      ...visibilityMark,
      exportArgs: () => exportedValidator(args, { type: "any" }),
      exportReturns: () => exportedValidator(returns, null),
    });
  };
}

function queryBuilder(name: string, visibility: FunctionVisibility) {
  const newContext = queryContexts(visibility);
  return builder(name, visibility, (handler) => ({
    isQuery: true,
    invokeQuery: (argsJson: string) => invoke(handler, newContext(), argsJson),
  }));
}

function mutationBuilder(name: string, visibility: FunctionVisibility) {
  const newContext = mutationContexts(visibility);
  return builder(name, visibility, (handler) => ({
    isMutation: true,
    invokeMutation: (argsJson: string) => invoke(handler, newContext(), argsJson),
  }));
}

function actionBuilder(name: string, visibility: FunctionVisibility) {
  return builder(name, visibility, (handler) => ({
    isAction: true,
    invokeAction: (requestId: string, argsJson: string) =>
      invoke(handler, actionContext(visibility, requestId), argsJson),
  }));
}

// biome-ignore-start lint/suspicious/noExplicitAny: without a data model any table may be named.

/** Makes a query that clients may call. Apps import `query` from `./_generated/server`, which knows their tables. */
export const queryGeneric = /* @__PURE__ */ queryBuilder("query", "public") as unknown as QueryBuilder<
  any,
  "public"
>;

/** Makes a query that only the backend's own functions may call. */
export const internalQueryGeneric = /* @__PURE__ */ queryBuilder(
  "internalQuery",
  "internal",
) as unknown as QueryBuilder<any, "internal">;

/** Makes a mutation that clients may call. */
export const mutationGeneric = /* @__PURE__ */ mutationBuilder(
  "mutation",
  "public",
) as unknown as MutationBuilder<any, "public">;

/** Makes a mutation that only the backend's own functions may call. */
export const internalMutationGeneric = /* @__PURE__ */ mutationBuilder(
  "internalMutation",
  "internal",
) as unknown as MutationBuilder<any, "internal">;

/** Makes an action that clients may call. */
export const actionGeneric = /* @__PURE__ */ actionBuilder("action", "public") as unknown as ActionBuilder<
  any,
  "public"
>;

/** Makes an action that only the backend's own functions may call. */
export const internalActionGeneric = /* @__PURE__ */ actionBuilder(
  "internalAction",
  "internal",
) as unknown as ActionBuilder<any, "internal">;

// biome-ignore-end lint/suspicious/noExplicitAny: see above.

/** Makes an HTTP action, which a router binds to a path. */
export const httpActionGeneric = ((handler: Handler) =>
  callable("httpAction", handler, {
    isHttp: true,
    invokeHttpAction: (request: Request) => run(handler, httpActionContext(), [request]),
  })) as unknown as HttpActionBuilder;

import type { FunctionVisibility } from "../registered_function.ts";
import { auth, mutationAuth } from "./auth.ts";
import { actionCalls, runMutationInMutation, runQueryInMutation, runQueryInQuery } from "./calls.ts";
import { databaseReader, databaseWriter } from "./database.ts";
import { storageActionWriter, storageReader, storageWriter } from "./file_storage.ts";
import { actionMeta, mutationMeta, queryMeta } from "./function_meta.ts";
import { actionScheduler, mutationScheduler } from "./schedule.ts";
import { vectorSearch } from "./vector_query.ts";

// Every call gets a context of its own, whose objects it may change. For queries and mutations the functions in it are
// made once, when the module is evaluated, and only the objects that hold them are copied for a call.

// Only actions are told which request they belong to; for the others the host knows (R §1.1).
const noRequest = "";

/** Makes the contexts of a query, one a call. */
export function queryContexts(visibility: FunctionVisibility): () => object {
  const shared = { auth: auth(noRequest), storage: storageReader(noRequest), meta: queryMeta(visibility) };
  return () => ({
    db: databaseReader(),
    auth: { ...shared.auth },
    storage: { ...shared.storage },
    meta: { ...shared.meta },
    runQuery: runQueryInQuery,
  });
}

/** Makes the contexts of a mutation, one a call. */
export function mutationContexts(visibility: FunctionVisibility): () => object {
  const shared = {
    auth: mutationAuth(noRequest),
    storage: storageWriter(noRequest),
    meta: mutationMeta(visibility),
  };
  return () => ({
    db: databaseWriter(),
    auth: { ...shared.auth },
    storage: { ...shared.storage },
    scheduler: mutationScheduler(),
    meta: { ...shared.meta },
    runQuery: runQueryInMutation,
    runMutation: runMutationInMutation,
  });
}

/** The context of one call of an action. */
export function actionContext(visibility: FunctionVisibility, requestId: string): object {
  return {
    ...actionCalls(requestId),
    auth: auth(requestId),
    scheduler: actionScheduler(requestId),
    storage: storageActionWriter(requestId),
    vectorSearch: vectorSearch(requestId),
    meta: actionMeta(visibility),
  };
}

/** The context of one call of an HTTP action: that of a public action, outside any request of the sync protocol. */
export function httpActionContext(): object {
  return actionContext("public", noRequest);
}

import type { Value } from "@tandem/values";
import { getFunctionName } from "../../server/api.ts";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  OptionalRestArgs,
} from "../../server/function_reference.ts";
import { functionError, type Logger } from "../logging.ts";
import { argumentsObject, canonicalFunctionPath, type QueryToken, queryToken } from "./function_path.ts";
import type { FunctionFailure, FunctionResult } from "./function_result.ts";

/** The query results on this page, as an optimistic update reads and changes them. Values must not be mutated. */
export interface OptimisticLocalStore {
  /** The result of a query; `undefined` while it is loading, failed or unknown here. */
  getQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): undefined | FunctionReturnType<Query>;

  /** The arguments and results of every query of this function, whatever its arguments. */
  getAllQueries<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
  ): {
    args: FunctionArgs<Query>;
    value: undefined | FunctionReturnType<Query>;
  }[];

  /** Replaces the result of a query; `undefined` makes it look as if it were loading. */
  setQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    args: FunctionArgs<Query>,
    value: undefined | FunctionReturnType<Query>,
  ): void;
}

/**
 * Shows the likely outcome of a mutation before the server has answered. It runs
 * again on every change from the server until the mutation is done, so it must
 * depend on nothing but its parameters.
 */
export type OptimisticUpdate<Args extends Record<string, Value>> = (
  localQueryStore: OptimisticLocalStore,
  args: Args,
) => void;

/** A query result that the page sees; `result` is undefined when an update marked it as loading. */
export type ViewEntry = {
  udfPath: string;
  args: Record<string, Value>;
  result: FunctionResult | undefined;
};

type PendingUpdate = { requestId: number; run: (store: OptimisticLocalStore) => void };
type Entries = Map<QueryToken, ViewEntry>;

/**
 * What the page sees: the results of the server, and on top of them those that
 * optimistic updates put in their place (P §2.5).
 */
export class OptimisticView {
  #fromServer: Entries = new Map();
  #overlay: Entries = new Map();
  #updates: PendingUpdate[] = [];
  // A failure is one error object for as long as it is the result, so that callers can compare results by identity.
  #errors = new WeakMap<FunctionFailure, Error>();
  #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The tokens of all results that came from the server. */
  serverTokens(): Iterable<QueryToken> {
    return this.#fromServer.keys();
  }

  /**
   * Takes in news from the server (`undefined` removes a query), drops the updates
   * of finished mutations, replays the others, and answers the tokens whose result changed.
   */
  applyServerChanges(
    changes: Map<QueryToken, ViewEntry | undefined>,
    finished: { has(requestId: number): boolean },
  ): QueryToken[] {
    const before = new Map<QueryToken, FunctionResult | undefined>();
    for (const token of changes.keys()) before.set(token, this.result(token));
    for (const token of this.#overlay.keys()) before.set(token, this.result(token));
    for (const [token, entry] of changes) {
      if (entry === undefined) this.#fromServer.delete(token);
      else this.#fromServer.set(token, entry);
    }
    this.#overlay = new Map();
    this.#updates = this.#updates.filter(
      ({ requestId, run }) => !finished.has(requestId) && this.#replay(run),
    );
    for (const token of this.#overlay.keys()) {
      if (!before.has(token)) before.set(token, this.#fromServer.get(token)?.result);
    }
    return [...before].filter(([token, result]) => result !== this.result(token)).map(([token]) => token);
  }

  /** Runs an update on what the updates before it left; answers whether it can stay. */
  #replay(run: PendingUpdate["run"]): boolean {
    const overlay = new Map(this.#overlay);
    try {
      run(this.#store(overlay));
    } catch (error) {
      // Results from the server must get through whatever the app's update makes of them.
      this.#logger.error("An optimistic update failed and is dropped", error);
      return false;
    }
    this.#overlay = overlay;
    return true;
  }

  /** Runs an update and keeps it until its mutation is finished; answers the tokens it changed. */
  applyUpdate(
    update: OptimisticUpdate<Record<string, Value>>,
    args: Record<string, Value>,
    requestId: number,
  ): QueryToken[] {
    const run = (store: OptimisticLocalStore) => {
      const answer: unknown = update(store, args);
      if (answer instanceof Promise) {
        this.#logger.warn("An optimistic update returned a promise; it must be synchronous.");
      }
    };
    // On a copy, so that an update that throws leaves nothing half done.
    const overlay = new Map(this.#overlay);
    run(this.#store(overlay));
    const before = this.#overlay;
    this.#updates.push({ requestId, run });
    this.#overlay = overlay;
    return [...overlay]
      .filter(([token, { result }]) => (before.get(token) ?? this.#fromServer.get(token))?.result !== result)
      .map(([token]) => token);
  }

  /** The entry the page sees for `token`, whether it is loaded or not. */
  entry(token: QueryToken): ViewEntry | undefined {
    return this.#overlay.get(token) ?? this.#fromServer.get(token);
  }

  /** The result the page sees, `undefined` while there is none. */
  result(token: QueryToken): FunctionResult | undefined {
    return this.entry(token)?.result;
  }

  /**
   * The value the page sees, `undefined` while there is none.
   *
   * @throws the query's error, the same object each time, when it failed.
   */
  value(token: QueryToken): Value | undefined {
    const entry = this.entry(token);
    if (entry?.result === undefined) return undefined;
    if (entry.result.success) return entry.result.value;
    let error = this.#errors.get(entry.result);
    if (error === undefined) {
      error = functionError("query", entry.udfPath, entry.result);
      this.#errors.set(entry.result, error);
    }
    throw error;
  }

  #store(overlay: Entries): OptimisticLocalStore {
    const entryOf = (token: QueryToken) => overlay.get(token) ?? this.#fromServer.get(token);
    const loadedValue = (entry: ViewEntry | undefined) =>
      entry?.result?.success ? entry.result.value : undefined;
    return {
      getQuery: (query, ...args) => {
        const path = canonicalFunctionPath(getFunctionName(query));
        return loadedValue(entryOf(queryToken(path, argumentsObject(args[0])))) as FunctionReturnType<
          typeof query
        >;
      },
      getAllQueries: (query) => {
        const path = canonicalFunctionPath(getFunctionName(query));
        return [...new Set([...this.#fromServer.keys(), ...overlay.keys()])]
          .map((token) => entryOf(token)!)
          .filter(({ udfPath }) => udfPath === path)
          .map((entry) => ({ args: entry.args as FunctionArgs<typeof query>, value: loadedValue(entry) }));
      },
      setQuery: (query, queryArgs, value) => {
        const udfPath = canonicalFunctionPath(getFunctionName(query));
        const args = argumentsObject(queryArgs);
        overlay.set(queryToken(udfPath, args), {
          udfPath,
          args,
          result: value === undefined ? undefined : { success: true, value: value as Value, logLines: [] },
        });
      },
    };
  }
}

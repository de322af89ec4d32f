import type { Value } from "@tandem/values";
import type { FunctionReference, FunctionReference_future } from "../server/function_reference.ts";
import type { ConvexReactClient, Watch } from "./client.ts";

/** Queries to load, by names of the caller's choosing. */
export type QueryRequests = Record<
  string,
  { query: FunctionReference<"query"> | FunctionReference_future<"query">; args: Record<string, Value> }
>;

/** For each name the result, the error, or `undefined` while loading. */
export type QueryResults = Record<string, Value | Error | undefined>;

/** The live queries of one component: keeps them subscribed and reads their results. */
export class LiveResults {
  #client: ConvexReactClient;
  #unsubscribes: (() => void)[] = [];
  #listeners = new Set<() => void>();
  #watches = new WeakMap<QueryRequests[string], Watch<Value>>();
  #last: QueryResults = {};

  constructor(client: ConvexReactClient) {
    this.#client = client;
  }

  #watch(request: QueryRequests[string]): Watch<Value> {
    let watch = this.#watches.get(request);
    if (watch === undefined) {
      watch = this.#client.watchQuery(
        request.query as FunctionReference<"query">,
        request.args,
      ) as Watch<Value>;
      this.#watches.set(request, watch);
    }
    return watch;
  }

  /** Makes exactly these queries live. */
  setQueries(queries: QueryRequests): void {
    const before = this.#unsubscribes;
    // New subscriptions first, so that a query in both sets stays live in between.
    this.#unsubscribes = Object.values(queries).map((request) => this.#watch(request).onUpdate(this.#notify));
    for (const unsubscribe of before) unsubscribe();
  }

  #notify = (): void => {
    for (const listener of this.#listeners) listener();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** What is known of these queries now; the same object as last time when nothing differs. */
  read(queries: QueryRequests): QueryResults {
    const results: QueryResults = {};
    for (const [name, request] of Object.entries(queries)) results[name] = this.#readOne(request);
    const names = Object.keys(results);
    const same =
      names.length === Object.keys(this.#last).length &&
      names.every((name) => name in this.#last && Object.is(this.#last[name], results[name]));
    if (!same) this.#last = results;
    return this.#last;
  }

  #readOne(request: QueryRequests[string]): Value | Error | undefined {
    const watch = this.#watch(request);
    try {
      return watch.localQueryResult();
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  }
}

import type { Value } from "@tandem/values";
import { checkDeploymentUrl } from "../browser/deployment_url.ts";
import { chooseLogger, type Logger } from "../browser/logging.ts";
import type { QueryOptions } from "../browser/query_options.ts";
import type { AuthTokenFetcher } from "../browser/sync/authentication.ts";
import { BaseConvexClient } from "../browser/sync/base_client.ts";
import type { BaseConvexClientOptions } from "../browser/sync/client_types.ts";
import type { ConnectionState } from "../browser/sync/connection_state.ts";
import { realEnvironment } from "../browser/sync/environment.ts";
import {
  argumentsObject,
  canonicalFunctionPath,
  type QueryToken,
  queryToken,
} from "../browser/sync/function_path.ts";
import type { QueryJournal } from "../browser/sync/messages.ts";
import type { OptimisticUpdate } from "../browser/sync/optimistic.ts";
import { getFunctionName } from "../server/api.ts";
import type { UserIdentityAttributes } from "../server/authentication.ts";
import type {
  ArgsAndOptions,
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  OptionalRestArgs,
} from "../server/function_reference.ts";

/** A view of one query's result. Holding it costs nothing; `onUpdate` makes the query live. */
export interface Watch<T> {
  /** Keeps the query live and calls `callback` when its result has changed; the answer ends that. */
  onUpdate(callback: () => void): () => void;
  /**
   * The result as it is known now, `undefined` before the first.
   *
   * @throws the query's error when it failed
   */
  localQueryResult(): T | undefined;
  /** The newest journal, `undefined` before the first result. */
  journal(): QueryJournal | undefined;
}

/** Options of {@link ConvexReactClient.watchQuery}. */
export interface WatchQueryOptions {
  /** A journal from an earlier run of the query. Without effect when the query is already live. */
  journal?: QueryJournal;
}

/** Options of {@link ConvexReactClient.mutation}. */
export interface MutationOptions<Args extends Record<string, Value>> {
  /** Shows the likely outcome until the real one is there. */
  optimisticUpdate?: OptimisticUpdate<Args> | undefined;
}

/** Options of {@link ConvexReactClient}. */
export interface ConvexReactClientOptions extends BaseConvexClientOptions {}

/** How long a prewarmed query stays live by default, in milliseconds. */
const PREWARM_MS = 5000;

/**
 * The client for React apps. Connects when it is first used.
 *
 * @example
 * ```tsx
 * const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
 * <ConvexProvider client={convex}><App /></ConvexProvider>
 * ```
 */
export class ConvexReactClient {
  readonly #address: string;
  readonly #options: ConvexReactClientOptions;
  readonly #logger: Logger;
  #listeners = new Map<QueryToken, Set<() => void>>();
  #base: BaseConvexClient | undefined;
  #closed = false;
  #adminAuth: { token: string; identity: UserIdentityAttributes | undefined } | undefined;

  /** @throws Error when the address is not one */
  constructor(address: string, options: ConvexReactClientOptions = {}) {
    if (options.skipConvexDeploymentUrlCheck !== true) checkDeploymentUrl(address);
    this.#address = address;
    this.#logger = chooseLogger(options.logger, options.verbose);
    this.#options = { ...options, logger: this.#logger };
  }

  /** The address this client talks to. */
  get url(): string {
    return this.#address;
  }

  /** The client underneath, connected with the first use. @internal */
  get sync(): BaseConvexClient {
    if (this.#closed) throw new Error("ConvexReactClient has already been closed.");
    if (this.#base === undefined) {
      this.#base = new BaseConvexClient(this.#address, (tokens) => this.#onTransition(tokens), this.#options);
      if (this.#adminAuth) this.#base.setAdminAuth(this.#adminAuth.token, this.#adminAuth.identity);
    }
    return this.#base;
  }

  #onTransition(tokens: QueryToken[]): void {
    for (const token of tokens) for (const listener of [...(this.#listeners.get(token) ?? [])]) listener();
  }

  /** Signs in with tokens from `fetchToken`; see {@link BaseConvexClient.setAuth}. */
  setAuth(
    fetchToken: AuthTokenFetcher,
    onChange?: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void {
    if (typeof fetchToken === "string") {
      throw new Error("setAuth takes a function that fetches a token, not a token");
    }
    this.sync.setAuth(fetchToken, onChange ?? (() => {}), onRefreshChange);
  }

  /** Signs out. */
  clearAuth(): void {
    this.sync.clearAuth();
  }

  /** Presents an admin key, optionally acting as a user. @internal */
  setAdminAuth(token: string, identity?: UserIdentityAttributes): void {
    if (this.#closed) throw new Error("ConvexReactClient has already been closed.");
    this.#adminAuth = { token, identity };
    this.#base?.setAdminAuth(token, identity);
  }

  /** A {@link Watch} on a query. Apps use the hook `useQuery` instead. */
  watchQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    ...argsAndOptions: ArgsAndOptions<Query, WatchQueryOptions>
  ): Watch<FunctionReturnType<Query>> {
    const [args, options] = argsAndOptions;
    const name = getFunctionName(query);
    // Spelling out the arguments is the costly part of a read, and a watch is read at every render.
    let token: QueryToken | undefined;
    const result = (base: BaseConvexClient) => {
      token ??= queryToken(canonicalFunctionPath(name), argumentsObject(args));
      return base.localQueryResultByToken(token) as FunctionReturnType<Query> | undefined;
    };
    return {
      onUpdate: (callback) => {
        const { queryToken, unsubscribe } = this.sync.subscribe(name, args, options);
        const listeners = this.#listeners.get(queryToken) ?? new Set();
        // Wrapped, so that one function may listen twice.
        const listener = () => callback();
        this.#listeners.set(queryToken, listeners.add(listener));
        return () => {
          if (this.#closed || !listeners.delete(listener)) return;
          if (listeners.size === 0) this.#listeners.delete(queryToken);
          unsubscribe();
        };
      },
      // A client that was never used knows no results, and asking for one is no reason to connect.
      localQueryResult: () => this.#base && result(this.#base),
      journal: () => this.#base?.queryJournal(name, args),
    };
  }

  /** Loads a query that will probably be wanted soon, and keeps it live for `extendSubscriptionFor` ms (5000). */
  prewarmQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    queryOptions: QueryOptions<Query> & { extendSubscriptionFor?: number },
  ): void {
    const { query, args, extendSubscriptionFor = PREWARM_MS } = queryOptions;
    const { unsubscribe } = this.sync.subscribe(getFunctionName(query), args);
    const environment = this.#options.environment ?? realEnvironment();
    environment.setTimeout(() => {
      if (!this.#closed) unsubscribe();
    }, extendSubscriptionFor);
  }

  /** Runs a mutation; see {@link BaseConvexClient.mutation}. */
  mutation<Mutation extends FunctionReference<"mutation"> | FunctionReference_future<"mutation">>(
    mutation: Mutation,
    ...argsAndOptions: ArgsAndOptions<Mutation, MutationOptions<FunctionArgs<Mutation>>>
  ): Promise<FunctionReturnType<Mutation>> {
    const [args, options] = argsAndOptions;
    return this.sync.mutation(getFunctionName(mutation), args, options);
  }

  /** Runs an action; see {@link BaseConvexClient.action}. */
  action<Action extends FunctionReference<"action"> | FunctionReference_future<"action">>(
    action: Action,
    ...args: OptionalRestArgs<Action>
  ): Promise<FunctionReturnType<Action>> {
    return this.sync.action(getFunctionName(action), ...args);
  }

  /** A query's result, once: the one already known here, else the first that comes. */
  query<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>> {
    const watch = this.watchQuery(query, ...(args as unknown as ArgsAndOptions<Query, WatchQueryOptions>));
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        try {
          const value = watch.localQueryResult();
          if (value === undefined) return false;
          resolve(value);
        } catch (error) {
          reject(error);
        }
        return true;
      };
      if (settle()) return;
      const unsubscribe = watch.onUpdate(() => {
        if (settle()) unsubscribe();
      });
    });
  }

  /** How the connection with the backend is now. */
  connectionState(): ConnectionState {
    return this.sync.connectionState();
  }

  /** Calls `cb` whenever any part of the connection's state has changed. */
  subscribeToConnectionState(cb: (connectionState: ConnectionState) => void): () => void {
    return this.sync.subscribeToConnectionState(cb);
  }

  /** Where this client writes its messages. */
  get logger(): Logger {
    return this.#logger;
  }

  /** Ends everything; resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners = new Map();
    const base = this.#base;
    this.#base = undefined;
    await base?.close();
  }
}

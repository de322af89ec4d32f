import { getFunctionName } from "../server/api.ts";
import type { UserIdentityAttributes } from "../server/authentication.ts";
import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
} from "../server/function_reference.ts";
import type { PaginationResult } from "../server/pagination.ts";
import type { AuthTokenFetcher } from "./sync/authentication.ts";
import { BaseConvexClient } from "./sync/base_client.ts";
import type { BaseConvexClientOptions, MutationOptions } from "./sync/client_types.ts";
import type { ConnectionState } from "./sync/connection_state.ts";
import { type Environment, realEnvironment, type TimerHandle } from "./sync/environment.ts";
import type { QueryToken } from "./sync/function_path.ts";
import { PaginatedSubscription } from "./sync/paginated_subscription.ts";
import type { PaginatedQueryResult } from "./sync/pagination.ts";

/** Options of {@link ConvexClient}. */
export type ConvexClientOptions = BaseConvexClientOptions & {
  /** Do nothing: subscriptions never call back and calls throw. For rendering on a server. Default: false. */
  disabled?: boolean;
  /** Ask before the page is left while a request is under way. Default: true in browsers. */
  unsavedChangesWarning?: boolean;
};

/** Ends a subscription; callable itself. */
export type Unsubscribe<T> = {
  (): void;
  unsubscribe(): void;
  /** The newest value, optimistic updates included; `undefined` before the first. */
  getCurrentValue(): T | undefined;
};

type Listener = {
  /** Whether one of these queries concerns the listener; called once per change. */
  isConcerned(changed: ReadonlySet<QueryToken>): boolean;
  /** The newest value, `undefined` before the first; throws when the query failed. */
  read(): unknown;
  callback: (value: unknown) => unknown;
  onError: ((error: Error) => unknown) | undefined;
  hasRun: boolean;
};

/**
 * Live queries, mutations and actions with callbacks, for programs without a framework.
 *
 * @example
 * ```ts
 * const client = new ConvexClient("http://127.0.0.1:3210");
 * const unsubscribe = client.onUpdate(api.messages.list, {}, (messages) => console.log(messages));
 * ```
 */
export class ConvexClient {
  #listeners = new Set<Listener>();
  #client: BaseConvexClient | undefined;
  #environment: Environment;
  #firstRunTimer: TimerHandle;
  #closed = false;

  /** Connects at once, unless disabled. */
  constructor(address: string, options: ConvexClientOptions = {}) {
    const { disabled, ...baseOptions } = options;
    this.#environment = options.environment ?? realEnvironment();
    if (!disabled) {
      this.#client = new BaseConvexClient(
        address,
        (tokens) => this.#onTransition(new Set(tokens)),
        baseOptions,
      );
    }
  }

  /** Whether `close` was called; no callback runs any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The client underneath. */
  get client(): BaseConvexClient {
    if (this.#client === undefined) throw new Error("ConvexClient is disabled");
    return this.#client;
  }

  get disabled(): boolean {
    return this.#client === undefined;
  }

  /**
   * Calls `callback` with every result of a query; soon, when one is known already.
   *
   * @param onError - called when the query fails; without it the error goes unhandled
   */
  onUpdate<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    args: FunctionArgs<Query>,
    callback: (result: FunctionReturnType<Query>) => unknown,
    onError?: (e: Error) => unknown,
  ): Unsubscribe<FunctionReturnType<Query>> {
    const client = this.#client;
    if (client === undefined)
      return unsubscriber(
        () => {},
        () => undefined,
      );
    const { queryToken, unsubscribe } = client.subscribe(getFunctionName(query), args);
    const read = () => client.localQueryResultByToken(queryToken);
    return this.#listen<FunctionReturnType<Query>>(
      { isConcerned: (changed) => changed.has(queryToken), read, callback, onError, hasRun: false },
      unsubscribe,
    );
  }

  /** Like {@link onUpdate} for a paginated query: calls back with the list of all pages loaded so far. Experimental. */
  onPaginatedUpdate_experimental<
    Query extends FunctionReference<"query"> | FunctionReference_future<"query">,
  >(
    query: Query,
    args: FunctionArgs<Query>,
    options: { initialNumItems: number },
    callback: (result: PaginationResult<FunctionReturnType<Query>>) => unknown,
    onError?: (e: Error) => unknown,
  ): Unsubscribe<PaginatedQueryResult<FunctionReturnType<Query>[]>> {
    const client = this.#client;
    if (client === undefined) {
      return unsubscriber<PaginatedQueryResult<FunctionReturnType<Query>[]>>(
        () => {},
        () => undefined,
      );
    }
    const list = new PaginatedSubscription(client, getFunctionName(query), args, options.initialNumItems);
    return this.#listen<PaginatedQueryResult<FunctionReturnType<Query>[]>>(
      {
        isConcerned: (changed) => {
          const concerned = list.includes(changed);
          if (concerned) list.advance();
          return concerned;
        },
        read: () => list.current(),
        callback: callback as (value: unknown) => unknown,
        onError,
        hasRun: false,
      },
      () => list.unsubscribe(),
    );
  }

  #listen<T>(listener: Listener, unsubscribe: () => void): Unsubscribe<T> {
    this.#listeners.add(listener);
    this.#firstRunTimer ??= this.#environment.setTimeout(() => {
      this.#firstRunTimer = undefined;
      for (const other of this.#listeners) if (!other.hasRun) this.#run(other);
    }, 0);
    return unsubscriber(
      () => {
        if (this.#closed) return;
        this.#listeners.delete(listener);
        unsubscribe();
      },
      () => listener.read() as T | undefined,
    );
  }

  #onTransition(changed: ReadonlySet<QueryToken>): void {
    for (const listener of this.#listeners) if (listener.isConcerned(changed)) this.#run(listener);
  }

  #run(listener: Listener): void {
    if (this.#closed) return;
    let value: unknown;
    try {
      value = listener.read();
    } catch (error) {
      listener.hasRun = true;
      if (listener.onError === undefined) void Promise.reject(error);
      else listener.onError(error as Error);
      return;
    }
    if (value === undefined) return;
    listener.hasRun = true;
    listener.callback(value);
  }

  /** Ends everything; resolves when the socket is closed. No callback runs any more. */
  async close(): Promise<void> {
    if (this.#client === undefined) return;
    this.#listeners.clear();
    this.#closed = true;
    this.#environment.clearTimeout(this.#firstRunTimer);
    await this.#client.close();
  }

  /** The user's token in use and its claims, unverified. */
  // biome-ignore lint/suspicious/noExplicitAny: the public type; claims may hold anything
  getAuth(): { token: string; decoded: Record<string, any> } | undefined {
    return this.#client?.getCurrentAuthClaims();
  }

  /** Signs in with tokens from `fetchToken`, now and whenever one expires or is refused. */
  setAuth(fetchToken: AuthTokenFetcher, onChange?: (isAuthenticated: boolean) => void): void {
    this.#client?.setAuth(fetchToken, onChange ?? (() => {}));
  }

  /** Presents an admin key, optionally acting as a user. @internal */
  setAdminAuth(token: string, identity?: UserIdentityAttributes): void {
    if (this.#closed) throw new Error("ConvexClient has already been closed.");
    this.#client?.setAdminAuth(token, identity);
  }

  /** Runs a mutation; see {@link BaseConvexClient.mutation}. */
  async mutation<Mutation extends FunctionReference<"mutation"> | FunctionReference_future<"mutation">>(
    mutation: Mutation,
    args: FunctionArgs<Mutation>,
    options?: MutationOptions,
  ): Promise<Awaited<FunctionReturnType<Mutation>>> {
    return await this.client.mutation(getFunctionName(mutation), args, options);
  }

  /** Runs an action; see {@link BaseConvexClient.action}. */
  async action<Action extends FunctionReference<"action"> | FunctionReference_future<"action">>(
    action: Action,
    args: FunctionArgs<Action>,
  ): Promise<Awaited<FunctionReturnType<Action>>> {
    return await this.client.action(getFunctionName(action), args);
  }

  /** A query's result, once: the one already known here, else the first that comes. */
  async query<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    args: FunctionArgs<Query>,
  ): Promise<Awaited<FunctionReturnType<Query>>> {
    const known = this.client.localQueryResult(getFunctionName(query), args);
    if (known !== undefined) return known as Awaited<FunctionReturnType<Query>>;
    return await new Promise((resolve, reject) => {
      const { unsubscribe } = this.onUpdate(
        query,
        args,
        (value) => {
          unsubscribe();
          resolve(value);
        },
        (error) => {
          unsubscribe();
          reject(error);
        },
      );
    });
  }

  /** How the connection with the backend is now. */
  connectionState(): ConnectionState {
    return this.client.connectionState();
  }

  /** Calls `cb` whenever any part of the connection's state has changed. */
  subscribeToConnectionState(cb: (connectionState: ConnectionState) => void): () => void {
    return this.#client?.subscribeToConnectionState(cb) ?? (() => {});
  }
}

function unsubscriber<T>(unsubscribe: () => void, getCurrentValue: () => T | undefined): Unsubscribe<T> {
  let subscribed = true;
  const once = () => {
    if (!subscribed) return;
    subscribed = false;
    unsubscribe();
  };
  return Object.assign(once, { unsubscribe: once, getCurrentValue });
}

import type { Value } from "@tandem/values";
import type { UserIdentityAttributes } from "../../server/authentication.ts";
import { checkDeploymentUrl } from "../deployment_url.ts";
import { chooseLogger, functionError, type Logger, logFunctionLines } from "../logging.ts";
import { PROTOCOL_LEVEL } from "../protocol_level.ts";
import { Authentication, type AuthTokenFetcher } from "./authentication.ts";
import type {
  BaseConvexClientOptions,
  MutationOptions,
  SubscribeOptions,
  Transition,
} from "./client_types.ts";
import { type ConnectionState, ConnectionStatePublisher } from "./connection_state.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import { argumentsObject, canonicalFunctionPath, type QueryToken, queryToken } from "./function_path.ts";
import type { FunctionResult } from "./function_result.ts";
import { decodeJwtClaims } from "./jwt.ts";
import type { EncodedTimestamp, FunctionRequest, QueryJournal, ServerMessage } from "./messages.ts";
import { OptimisticView, type ViewEntry } from "./optimistic.ts";
import { type LocalQuery, QuerySet } from "./query_set.ts";
import { RemoteQuerySet } from "./remote_query_set.ts";
import { Requests } from "./requests.ts";
import { type ReconnectMetadata, SyncSocket } from "./socket.ts";
import { decodeTimestamp, encodeValue } from "./wire_values.ts";

/**
 * The client that everything else is built on: live queries, mutations, actions
 * and authentication over one WebSocket, by names and plain values. Made for
 * libraries that bring Convex to a framework; apps use a client built on it.
 *
 * @example
 * ```ts
 * const client = new BaseConvexClient("http://127.0.0.1:3210", (tokens) => console.log(tokens));
 * const { unsubscribe } = client.subscribe("messages:list", { channel: "#general" });
 * ```
 */
export class BaseConvexClient {
  readonly #address: string;
  readonly #environment: Environment;
  readonly #logger: Logger;
  readonly #querySet = new QuerySet();
  readonly #requests: Requests;
  readonly #view: OptimisticView;
  readonly #authentication: Authentication;
  readonly #socket: SyncSocket;
  readonly #connectionStates: ConnectionStatePublisher;
  readonly #sessionId: string;
  readonly #transitionHandlers = new Set<{ handle: (transition: Transition) => void }>();
  #remote = new RemoteQuerySet();
  #nextRequestId = 0;
  #maxObservedTimestamp: { encoded: EncodedTimestamp; value: bigint } | undefined;
  // Results in the view to look at again at the next transition: their query went away or the socket changed.
  #stale = new Set<QueryToken>();

  /**
   * Connects at once.
   *
   * @param address - the URL of the deployment, `http:` or `https:`
   * @param onTransition - called with the tokens of the queries whose results changed
   * @throws Error when the address is not one, or there is no WebSocket to use
   */
  constructor(
    address: string,
    onTransition: (updatedQueries: QueryToken[]) => void,
    options: BaseConvexClientOptions = {},
  ) {
    if (options.skipConvexDeploymentUrlCheck !== true) checkDeploymentUrl(address);
    const webSocket = options.webSocketConstructor ?? globalThis.WebSocket;
    if (webSocket === undefined) {
      throw new Error("There is no global WebSocket: pass webSocketConstructor, or use ConvexHttpClient.");
    }
    this.#address = address;
    this.#environment = options.environment ?? realEnvironment();
    this.#logger = chooseLogger(options.logger, options.verbose);
    this.#sessionId = this.#environment.randomUUID();
    this.#view = new OptimisticView(this.#logger);
    this.#connectionStates = new ConnectionStatePublisher(() => this.connectionState());
    const onStateChange = () => this.#connectionStates.markDirty();
    this.#requests = new Requests(this.#logger, this.#environment.now, onStateChange);
    this.addOnTransitionHandler(({ queries }) => onTransition(queries.map(({ token }) => token)));
    this.#warnOfUnsavedChanges(options.unsavedChangesWarning);
    this.#socket = new SyncSocket(
      syncUrl(address),
      {
        onOpen: (metadata) => this.#onOpen(metadata),
        onResume: () => {
          for (const message of [...this.#querySet.resume(), ...this.#requests.resume()]) this.#send(message);
        },
        onMessage: (message) => {
          this.#onMessage(message);
          return this.#requests.settledSinceRestart && this.#querySet.confirmedSinceRestart;
        },
        onServerDisconnectError: options.onServerDisconnectError,
        onStateChange,
      },
      webSocket,
      this.#environment,
      this.#logger,
    );
    // Events come only once this constructor is done, so that each part finds the others.
    this.#authentication = new Authentication(
      this.#querySet,
      this.#socket,
      this.#environment,
      this.#logger,
      options.authRefreshTokenLeewaySeconds ?? 10,
      options.initialAuthTokenReuse ?? false,
    );
    if (options.expectAuth) {
      this.#socket.pause();
      this.#querySet.pause();
    }
  }

  #warnOfUnsavedChanges(wanted: boolean | undefined): void {
    const { page } = this.#environment;
    if (page !== undefined) {
      if (wanted !== false) page.addEventListener("beforeunload", this.#onBeforeUnload);
    } else if (wanted === true) {
      throw new Error("unsavedChangesWarning needs window.addEventListener");
    }
  }

  #onBeforeUnload = (event: Event): void => {
    if (!this.#requests.anySent) return;
    event.preventDefault();
    // Older browsers ask only when this is set, and show their own text all the same.
    (event as BeforeUnloadEvent).returnValue = "Leave?";
  };

  #send(message: Parameters<SyncSocket["send"]>[0] | undefined): boolean {
    return message !== undefined && this.#socket.send(message);
  }

  #onOpen(metadata: ReconnectMetadata): void {
    this.#send({
      type: "Connect",
      sessionId: this.#sessionId,
      maxObservedTimestamp: this.#maxObservedTimestamp?.encoded,
      ...metadata,
    });
    // Old results stay visible until the new socket has some.
    this.#remote = new RemoteQuerySet();
    this.#stale = new Set(this.#view.serverTokens());
    for (const message of [...this.#querySet.restart(), ...this.#requests.restart()]) this.#send(message);
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case "Transition": {
        this.#observe(message.endVersion.ts);
        this.#authentication.onTransition(message);
        const remoteChanges = this.#remote.apply(message);
        this.#querySet.applyTransition(message);
        const reflected = this.#requests.settleCommitted(this.#remote.timestamp);
        const changes = new Map<QueryToken, ViewEntry | undefined>();
        for (const token of this.#stale) {
          const query = this.#querySet.get(token);
          changes.set(token, query && viewEntry(query, this.#remote.result(query.id)));
        }
        this.#stale.clear();
        for (const { queryId, result } of remoteChanges) {
          const query = this.#querySet.byId(queryId);
          if (query === undefined) continue;
          if (result !== undefined) logFunctionLines(this.#logger, "query", query.udfPath, result.logLines);
          changes.set(query.token, viewEntry(query, result));
        }
        this.#publish(changes, reflected);
        break;
      }
      case "MutationResponse":
      case "ActionResponse": {
        if (message.success && message.type === "MutationResponse") this.#observe(message.ts);
        const failed = this.#requests.respond(message);
        if (failed !== undefined) this.#publish(new Map(), new Map([[failed.requestId, failed.result]]));
        break;
      }
      case "AuthError":
        this.#authentication.onAuthError(message);
        break;
      case "FatalError": {
        const text = `[CONVEX FATAL ERROR] ${message.error}`;
        this.#logger.error(text);
        void this.#socket.terminate();
        throw new Error(text);
      }
      default:
        message satisfies never;
    }
  }

  #observe(encoded: EncodedTimestamp): void {
    const value = decodeTimestamp(encoded);
    if (this.#maxObservedTimestamp === undefined || value > this.#maxObservedTimestamp.value) {
      this.#maxObservedTimestamp = { encoded, value };
    }
  }

  #publish(changes: Map<QueryToken, ViewEntry | undefined>, reflected: Map<number, FunctionResult>): void {
    const changed = this.#view.applyServerChanges(changes, reflected);
    // A result that is gone is news only to those who still wait for one.
    this.#notify(
      changed.filter(
        (token) => this.#view.entry(token) !== undefined || this.#querySet.get(token) !== undefined,
      ),
      reflected,
    );
  }

  #notify(changed: QueryToken[], reflected: Map<number, FunctionResult>): void {
    const transition: Transition = {
      queries: changed.map((token) => {
        const entry = this.#view.entry(token);
        return {
          token,
          modification: entry === undefined ? { kind: "Removed" } : { kind: "Updated", result: entry.result },
        };
      }),
      reflectedMutations: [...reflected].map(([requestId, result]) => ({ requestId, result })),
      timestamp: this.#remote.timestamp,
    };
    for (const { handle } of this.#transitionHandlers) handle(transition);
  }

  /**
   * Calls `handle` after each change of results, from the server or from an
   * optimistic update. The answer stops that; it says whether it was still going on.
   */
  addOnTransitionHandler(handle: (transition: Transition) => void): () => boolean {
    const handler = { handle };
    this.#transitionHandlers.add(handler);
    return () => this.#transitionHandlers.delete(handler);
  }

  /** The newest timestamp this client has seen, in nanoseconds since the Unix epoch. */
  getMaxObservedTimestamp(): bigint | undefined {
    return this.#maxObservedTimestamp?.value;
  }

  /** The user's token in use and its claims, unverified. */
  // biome-ignore lint/suspicious/noExplicitAny: the public type; claims may hold anything
  getCurrentAuthClaims(): { token: string; decoded: Record<string, any> } | undefined {
    const { credentials } = this.#querySet;
    if (credentials?.tokenType !== "User") return undefined;
    return { token: credentials.value, decoded: decodeJwtClaims(credentials.value) ?? {} };
  }

  /**
   * Signs in with tokens from `fetchToken`, now and whenever one expires or is refused.
   *
   * @param onChange - called with `true` when the server has confirmed a token and with `false` when signing in failed
   * @param onRefreshChange - called with `true` while the socket is stopped to replace a refused token, then with `false`
   */
  setAuth(
    fetchToken: AuthTokenFetcher,
    onChange: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void {
    void this.#authentication.setConfig({ fetchToken, onChange, onRefreshChange });
  }

  /** Whether this client presents any credentials. */
  hasAuth(): boolean {
    return this.#querySet.credentials !== undefined;
  }

  /** Presents an admin key, optionally acting as a user. @internal */
  setAdminAuth(value: string, impersonating?: UserIdentityAttributes): void {
    this.#send(this.#querySet.authenticate({ tokenType: "Admin", value, impersonating }));
  }

  /** Signs out. The renewal of tokens goes on until the next `setAuth` or `close` (P §2.4). */
  clearAuth(): void {
    this.#send(this.#querySet.authenticate(undefined));
  }

  /**
   * Keeps a query live until `unsubscribe` is called. Changes of its result reach the transition handlers.
   *
   * @param name - the function's name, such as `messages:list`
   */
  subscribe(
    name: string,
    args?: Record<string, Value>,
    options?: SubscribeOptions,
  ): { queryToken: QueryToken; unsubscribe: () => void } {
    const { query, message } = this.#querySet.subscribe(
      name,
      argumentsObject(args),
      options?.journal,
      options?.componentPath,
    );
    this.#send(message);
    let subscribed = true;
    return {
      queryToken: query.token,
      unsubscribe: () => {
        if (!subscribed) return;
        subscribed = false;
        this.#send(this.#querySet.unsubscribe(query));
        if (query.subscribers === 0) this.#stale.add(query.token);
      },
    };
  }

  /**
   * The result of a query as far as this client knows it, optimistic updates
   * included; `undefined` while it is unknown.
   *
   * @throws the query's error when it failed
   */
  localQueryResult(udfPath: string, args?: Record<string, Value>): Value | undefined {
    return this.localQueryResultByToken(tokenOf(udfPath, args));
  }

  /** Like {@link localQueryResult}, by token. @internal */
  localQueryResultByToken(token: QueryToken): Value | undefined {
    return this.#view.value(token);
  }

  /** The newest journal of a query; `undefined` before its first result. */
  queryJournal(name: string, args?: Record<string, Value>): QueryJournal | undefined {
    return this.#querySet.get(tokenOf(name, args))?.journal;
  }

  /** How the connection with the backend is now. */
  connectionState(): ConnectionState {
    return {
      hasInflightRequests: this.#requests.size > 0,
      isWebSocketConnected: this.#socket.connected,
      timeOfOldestInflightRequest: this.#requests.oldest,
      hasEverConnected: this.#socket.hasEverConnected,
      connectionCount: this.#socket.connectionCount,
      connectionRetries: this.#socket.retries,
      inflightMutations: this.#requests.count("Mutation"),
      inflightActions: this.#requests.count("Action"),
    };
  }

  /** Calls `cb` whenever any part of the connection's state has changed. */
  subscribeToConnectionState(cb: (connectionState: ConnectionState) => void): () => void {
    return this.#connectionStates.subscribe(cb);
  }

  /**
   * Runs a mutation. The promise resolves once the queries of this client show
   * its effects. It survives reconnects, and the server runs it only once.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the public type, since a name says nothing of the result
  async mutation(name: string, args?: Record<string, Value>, options?: MutationOptions): Promise<any> {
    const argsObject = argumentsObject(args);
    const message = this.#request("Mutation", name, argsObject);
    if (options?.optimisticUpdate) {
      const changed = this.#view.applyUpdate(options.optimisticUpdate, argsObject, message.requestId);
      this.#notify(changed, new Map());
    }
    const result = await this.#requests.add(message, this.#send(message));
    if (result.success) return result.value;
    throw functionError("mutation", name, result);
  }

  /** Runs an action. It fails when the connection is lost meanwhile, although the action may have run. */
  // biome-ignore lint/suspicious/noExplicitAny: the public type, since a name says nothing of the result
  async action(name: string, args?: Record<string, Value>): Promise<any> {
    const message = this.#request("Action", name, argumentsObject(args));
    const result = await this.#requests.add(message, this.#send(message));
    if (result.success) return result.value;
    throw functionError("action", name, result);
  }

  #request(type: FunctionRequest["type"], udfPath: string, args: Record<string, Value>): FunctionRequest {
    const json = encodeValue(args);
    return { type, requestId: this.#nextRequestId++, udfPath, args: [json] };
  }

  /** Ends all subscriptions and the connection; resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#authentication.stop();
    this.#environment.page?.removeEventListener("beforeunload", this.#onBeforeUnload);
    await this.#socket.terminate();
  }

  /** The address this client talks to. */
  get url(): string {
    return this.#address;
  }
}

function tokenOf(name: string, args: Record<string, Value> | undefined): QueryToken {
  return queryToken(canonicalFunctionPath(name), argumentsObject(args));
}

function viewEntry(query: LocalQuery, result: FunctionResult | undefined): ViewEntry | undefined {
  return result && { udfPath: query.udfPath, args: query.args, result };
}

/** Where the server takes WebSockets; what follows the scheme of the address is kept as it is (P §1.1). */
function syncUrl(address: string): string {
  const [, secure, rest] = /^http(s?):\/\/(.*)$/.exec(address) ?? [];
  if (rest === undefined) {
    throw new Error(`Not an http:// or https:// address: ${address}`);
  }
  return `ws${secure}://${rest}/api/${PROTOCOL_LEVEL}/sync`;
}

import type { JSONValue, Value } from "@tandem/values";
import { getFunctionName } from "../server/api.ts";
import type { UserIdentityAttributes } from "../server/authentication.ts";
import type {
  ArgsAndOptions,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  OptionalRestArgs,
} from "../server/function_reference.ts";
import { checkDeploymentUrl } from "./deployment_url.ts";
import { chooseLogger, convexError, type FunctionKind, type Logger, logFunctionLines } from "./logging.ts";
import { PROTOCOL_LEVEL } from "./protocol_level.ts";
import { argumentsObject } from "./sync/function_path.ts";
import { decodeValue, encodeValue } from "./sync/wire_values.ts";

/** Options of {@link ConvexHttpClient.mutation}. */
export type HttpMutationOptions = {
  /** Run now, without waiting for the mutations that this client was asked for before. */
  skipQueue: boolean;
};

type FunctionResponse =
  | { status: "success"; value: JSONValue; logLines?: string[] }
  | { status: "error"; errorMessage: string; errorData?: JSONValue; logLines?: string[] };

/** "UDF failed": never sent by today's servers, read like a 200 all the same (P §3.3). */
const FUNCTION_FAILED_STATUS = 560;

/**
 * Runs functions over HTTP, one request each, without live updates: for servers
 * and scripts. It holds one user's credentials, so it is not to be shared between users.
 *
 * @example
 * ```ts
 * const client = new ConvexHttpClient("http://127.0.0.1:3210");
 * const messages = await client.query(api.messages.list, { channel: "#general" });
 * ```
 */
export class ConvexHttpClient {
  readonly #address: string;
  readonly #logger: Logger;
  readonly #fetch: typeof globalThis.fetch | undefined;
  #fetchOptions: RequestInit = {};
  #authorization: string | undefined;
  #timestamp: Promise<string> | undefined;
  #lastMutation: Promise<unknown> = Promise.resolve();

  /**
   * @param address - the URL of the deployment
   * @param options - `auth` is a JWT to begin with; `fetch` replaces the global one
   * @throws Error when the address is not one
   */
  constructor(
    address: string,
    options: {
      skipConvexDeploymentUrlCheck?: boolean;
      logger?: Logger | boolean;
      auth?: string;
      fetch?: typeof globalThis.fetch;
    } = {},
  ) {
    if (options.skipConvexDeploymentUrlCheck !== true) checkDeploymentUrl(address);
    this.#address = address;
    this.#logger = chooseLogger(options.logger);
    this.#fetch = options.fetch;
    if (options.auth) this.setAuth(options.auth);
  }

  /** The address with `/api` behind it. @deprecated Use {@link url}. */
  backendUrl(): string {
    return `${this.#address}/api`;
  }

  /** The address this client talks to. */
  get url(): string {
    return this.#address;
  }

  /** Uses this JWT from now on; the caller renews it. */
  setAuth(value: string): void {
    this.#authorization = `Bearer ${value}`;
  }

  /** Presents an admin key, optionally acting as a user (P §5.9). @internal */
  setAdminAuth(token: string, actingAsIdentity?: UserIdentityAttributes): void {
    const identity = actingAsIdentity && `:${base64OfUtf8(JSON.stringify(actingAsIdentity))}`;
    this.#authorization = `Convex ${token}${identity ?? ""}`;
  }

  /** Uses no credentials from now on. */
  clearAuth(): void {
    this.#authorization = undefined;
  }

  /** Options for every request, such as `{ cache: "no-store" }`. @internal */
  setFetchOptions(fetchOptions: RequestInit): void {
    this.#fetchOptions = fetchOptions;
  }

  /** Turns the printing of functions' log lines off or on. @internal */
  setDebug(debug: boolean): void {
    this.#printsLogLines = debug;
  }
  #printsLogLines = true;

  /**
   * Runs a query. All consistent queries of one client see the same moment, the
   * one of its first. Servers remember about 30 seconds, so such a client is short-lived.
   *
   * @deprecated Experimental: may change or go away.
   */
  async consistentQuery<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>> {
    const body = request(query, args[0]);
    this.#timestamp ??= this.#post("query_ts").then(async (response) => {
      const { ts } = (await response.json()) as { ts: string };
      return ts;
    });
    return await this.#run("query", "query_at_ts", { ...body, ts: await this.#timestamp });
  }

  /** Runs a query once, at the newest state. */
  async query<Query extends FunctionReference<"query"> | FunctionReference_future<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>> {
    return await this.#run("query", "query", request(query, args[0]));
  }

  /** Runs a mutation, after those that this client was asked for before. */
  async mutation<Mutation extends FunctionReference<"mutation"> | FunctionReference_future<"mutation">>(
    mutation: Mutation,
    ...args: ArgsAndOptions<Mutation, HttpMutationOptions>
  ): Promise<FunctionReturnType<Mutation>> {
    const body = request(mutation, args[0]);
    const run = () => this.#run("mutation", "mutation", body);
    if (args[1]?.skipQueue) return await run();
    const result = this.#lastMutation.then(run);
    // The next one runs whether this one succeeds or not; the failure is this caller's.
    this.#lastMutation = result.catch(() => {});
    return await result;
  }

  /** Runs an action. Actions do not wait for one another. */
  async action<Action extends FunctionReference<"action"> | FunctionReference_future<"action">>(
    action: Action,
    ...args: OptionalRestArgs<Action>
  ): Promise<FunctionReturnType<Action>> {
    return await this.#run("action", "action", request(action, args[0]));
  }

  /** Runs a function of any kind, internal ones too; needs an admin key. @internal */
  async function(anyFunction: string, componentPath?: string, args?: Record<string, Value>): Promise<Value> {
    const { path, args: argsJson } = requestByName(anyFunction, args);
    return (await this.#run("any", "function", { path, args: argsJson[0]!, componentPath })) as Value;
  }

  async #post(endpoint: string, body?: Record<string, unknown>): Promise<Response> {
    const fetch = this.#fetch ?? globalThis.fetch;
    const response = await fetch(`${this.#address}/api/${endpoint}`, {
      ...this.#fetchOptions,
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Convex-Client": `npm-${PROTOCOL_LEVEL}`,
        ...(this.#authorization !== undefined && { Authorization: this.#authorization }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok && response.status !== FUNCTION_FAILED_STATUS) throw new Error(await response.text());
    return response;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the callers' types say what the function returns
  async #run(kind: FunctionKind, endpoint: string, body: FunctionCall & { ts?: string }): Promise<any> {
    const response = await this.#post(endpoint, { ...body, format: "convex_encoded_json" });
    const answer = (await response.json()) as FunctionResponse;
    if (this.#printsLogLines) logFunctionLines(this.#logger, kind, body.path, answer.logLines ?? []);
    switch (answer.status) {
      case "success":
        return decodeValue(answer.value);
      case "error":
        if (answer.errorData === undefined) throw new Error(answer.errorMessage);
        throw convexError(answer.errorMessage, decodeValue(answer.errorData));
      default:
        answer satisfies never;
        throw new Error(`Invalid response: ${JSON.stringify(answer)}`);
    }
  }
}

type FunctionCall = { path: string; args: JSONValue; componentPath?: string | undefined };

function requestByName(
  path: string,
  args: Record<string, Value> | undefined,
): { path: string; args: JSONValue[] } {
  return { path, args: [encodeValue(argumentsObject(args))] };
}

function request(
  reference: Parameters<typeof getFunctionName>[0],
  args: Record<string, Value> | undefined,
): { path: string; args: JSONValue[] } {
  return requestByName(getFunctionName(reference), args);
}

function base64OfUtf8(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

import { randomUUID } from "node:crypto";
import { convexToJson, jsonToConvex, type Value } from "@tandem/values";
import { WebSocket } from "ws";
import { Failure, messageOf } from "../failure.ts";
import { protocolVersion } from "../version.ts";
import { type Deployment, pause } from "./http.ts";

/** A query to watch. */
export interface WatchedQuery {
  /** For example `_system/cli/tables` or `messages:list`. */
  readonly path: string;
  readonly args: Record<string, Value>;
  /** Component that the query runs in; the app itself if absent. */
  readonly componentPath?: string | undefined;
  /** Attributes of the user to act as. */
  readonly identity?: Record<string, unknown> | undefined;
}

/** How a watch goes on. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the time of the first lost connection and each later one. */
  readonly onReconnect?: ((text: string) => void) | undefined;
  /** Lines that the query logged. */
  readonly onLog?: ((line: string) => void) | undefined;
  /** Connections that may fail in a row before the watch does; 5 by default. */
  readonly maxFailures?: number | undefined;
}

/** The server pings every 15 s; a connection that is silent for this long is dead (P §1.2). */
const silenceMs = 60_000;

/**
 * Results of a query as they change, over the sync protocol with admin rights (P §1). Ends when the signal
 * aborts. Throws a {@link Failure} when the query fails, when the key is refused, or when the deployment
 * cannot be reached.
 */
export async function* watchQuery(
  deployment: Deployment,
  query: WatchedQuery,
  options: WatchOptions = {},
): AsyncGenerator<Value> {
  const { signal, maxFailures = 5 } = options;
  const url = `${deployment.url.replace(/\/+$/, "").replace(/^http/, "ws")}/api/${protocolVersion}/sync`;
  const sessionId = randomUUID();
  let failures = 0;
  let closeReason = "InitialConnect";
  for (let connections = 0; !signal?.aborted; connections++) {
    const socket = new WebSocket(url);
    // Ending a socket that is still connecting raises one more error, when nobody waits for it any more.
    socket.on("error", () => undefined);
    const incoming = messages(socket, signal);
    try {
      await opened(socket, signal);
      for (const message of greeting(deployment, query, sessionId, connections, closeReason)) {
        socket.send(JSON.stringify(message));
      }
      for await (const message of assembled(incoming)) {
        for (const result of resultsIn(message, query, options)) {
          failures = 0;
          yield result;
        }
      }
      closeReason = "closed by the server";
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof Failure) throw error;
      closeReason = messageOf(error);
    } finally {
      socket.terminate();
    }
    if (signal?.aborted) return;
    failures++;
    if (failures >= maxFailures) {
      throw new Failure(
        `${deployment.url} cannot be reached over WebSocket (${closeReason}). Check that the deployment is running, and that a proxy in front of it lets WebSockets through.`,
      );
    }
    options.onReconnect?.(
      `The connection to ${deployment.url} is lost (${closeReason}). Connecting again ...`,
    );
    await pause(Math.min(100 * 2 ** failures, 5000), signal);
  }
}

/** The present result of a query. Throws as {@link watchQuery} does. */
export async function runQueryOnce(
  deployment: Deployment,
  query: WatchedQuery,
  options: WatchOptions = {},
): Promise<Value> {
  for await (const result of watchQuery(deployment, query, options)) return result;
  throw new Failure(`${query.path} was cancelled before it had a result.`);
}

/** Waits until the result of a query is another than the first one seen; resolves to the new one. */
export async function waitForChange(
  deployment: Deployment,
  query: WatchedQuery,
  options: WatchOptions = {},
): Promise<Value | undefined> {
  let first: string | undefined;
  for await (const result of watchQuery(deployment, query, options)) {
    const text = JSON.stringify(convexToJson(result));
    first ??= text;
    if (text !== first) return result;
  }
  return undefined;
}

/** All pages of a paginated system query, up to `limit` items. */
export async function runPaginatedQuery(
  deployment: Deployment,
  query: WatchedQuery,
  limit = Number.POSITIVE_INFINITY,
  options: WatchOptions = {},
): Promise<Value[]> {
  const items: Value[] = [];
  let cursor: Value = null;
  while (items.length < limit) {
    const numItems = Number.isFinite(limit) ? limit - items.length : 10_000;
    const args: Record<string, Value> = { ...query.args, paginationOpts: { cursor, numItems } };
    const page = (await runQueryOnce(deployment, { ...query, args }, options)) as {
      page: Value[];
      isDone: boolean;
      continueCursor: string;
    };
    items.push(...page.page);
    if (page.isDone) break;
    cursor = page.continueCursor;
  }
  return items;
}

function greeting(
  deployment: Deployment,
  query: WatchedQuery,
  sessionId: string,
  connectionCount: number,
  lastCloseReason: string,
): object[] {
  const add = {
    type: "Add",
    queryId: 0,
    udfPath: query.path,
    args: [convexToJson(query.args)],
    ...(query.componentPath === undefined ? {} : { componentPath: query.componentPath }),
  };
  return [
    { type: "Connect", sessionId, connectionCount, lastCloseReason, clientTs: Date.now() },
    {
      type: "Authenticate",
      baseVersion: 0,
      tokenType: "Admin",
      value: deployment.adminKey,
      ...(query.identity === undefined ? {} : { impersonating: query.identity }),
    },
    { type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [add] },
  ];
}

type ServerMessage = { readonly type: string; readonly [field: string]: unknown };
type Modification = {
  readonly type: string;
  readonly queryId: number;
  readonly value?: unknown;
  readonly errorMessage?: string;
  readonly logLines?: readonly string[];
};

function* resultsIn(message: ServerMessage, query: WatchedQuery, options: WatchOptions): Generator<Value> {
  switch (message.type) {
    case "AuthError":
      throw new Failure(
        `The deployment refused the admin key: ${String(message.error)}\nCheck CONVEX_SELF_HOSTED_ADMIN_KEY.`,
      );
    case "FatalError":
      throw new Failure(`The deployment ended the connection: ${String(message.error)}`);
    case "Transition":
      for (const change of message.modifications as readonly Modification[]) {
        for (const line of change.logLines ?? []) options.onLog?.(line);
        if (change.type === "QueryFailed") {
          throw new Failure(`${query.path} failed: ${change.errorMessage ?? "no reason given"}`);
        }
        if (change.type === "QueryUpdated") {
          yield jsonToConvex(change.value as Parameters<typeof jsonToConvex>[0]);
        }
      }
      return;
    default:
      return;
  }
}

/** Puts the chunks of large transitions together (P §1.4). */
async function* assembled(incoming: AsyncIterable<string>): AsyncGenerator<ServerMessage> {
  let chunks: string[] = [];
  for await (const text of incoming) {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type !== "TransitionChunk") {
      yield message;
      continue;
    }
    chunks.push(String(message.chunk));
    if (chunks.length === message.totalParts) {
      yield JSON.parse(chunks.join("")) as ServerMessage;
      chunks = [];
    }
  }
}

function opened(socket: WebSocket, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
    socket.once("close", (code) => reject(new Error(`closed with code ${code}`)));
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Text frames in order; ends when the socket closes, throws when it breaks or falls silent. */
async function* messages(socket: WebSocket, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const queue: string[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  let failure: Error | undefined;
  let silence: NodeJS.Timeout | undefined;
  const notify = (): void => wake?.();
  const end = (error?: Error): void => {
    ended = true;
    failure ??= error;
    notify();
  };
  const listen = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => end(new Error(`nothing heard for ${silenceMs / 1000} s`)), silenceMs);
  };
  socket.on("message", (data) => {
    listen();
    queue.push(data.toString());
    notify();
  });
  socket.on("error", end);
  socket.on("close", (code, reason) => end(new Error(reason.toString() || `closed with code ${code}`)));
  signal?.addEventListener("abort", () => end(), { once: true });
  listen();
  try {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      if (failure !== undefined) throw failure;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    clearTimeout(silence);
  }
}

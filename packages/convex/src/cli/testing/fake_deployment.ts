import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync } from "node:zlib";
import { type WebSocket, WebSocketServer } from "ws";

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body, or undefined for none. */
  readonly body: unknown;
}

/** An answer: a status with a JSON body, or a function that makes one. */
export type Answer =
  | { readonly status?: number; readonly body?: unknown }
  | ((request: RecordedRequest) => Answer | Promise<Answer>);

/** A server that records what a command sends, and answers as R §8 found to be enough. */
export interface FakeDeployment {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Requests to one path so far. */
  to(path: string): readonly RecordedRequest[];
  /** Resolves with the request that comes in as the `count`th (from 1) to a path. */
  waitFor(path: string, count?: number): Promise<RecordedRequest>;
  answer(path: string, answer: Answer): void;
  /** Sets the result of a query over WebSocket, also for those who watch it already. */
  setQuery(path: string, result: unknown): void;
  /** Resolves once a query is being watched. */
  waitForQuery(path: string): Promise<{ args: unknown; componentPath?: string }>;
  /** Cuts all WebSocket connections. */
  disconnect(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The one admin key that {@link startFakeDeployment} accepts. */
export const adminKey = "self|0123abcd";

const emptyIndexDiff = { added_indexes: [], removed_indexes: [] };

/** Answer of a push that found nothing in the app. */
export const startPushAnswer = {
  environmentVariables: {},
  externalDepsId: null,
  componentDefinitionPackages: { "": {} },
  appAuth: [],
  analysis: {
    "": {
      definition: {
        path: "",
        definitionType: { type: "app" },
        childComponents: [],
        httpMounts: {},
        httpPrefix: null,
        exports: { type: "branch", branch: [] },
      },
      schema: null,
      functions: {},
      udfConfig: { serverVersion: "1.48.0", importPhaseRngSeed: null, importPhaseUnixTimestamp: null },
    },
  },
  app: {
    definitionPath: "",
    componentPath: "",
    httpPrefix: null,
    args: {},
    env: {},
    childComponents: {},
    httpRoutes: { httpModuleRoutes: null, mounts: [] },
    exports: {},
  },
  schemaChange: { allocatedComponentIds: {}, schemaIds: { "": "x" }, indexDiffs: {} },
};

/** Starts a fake deployment on a free port. */
export async function startFakeDeployment(): Promise<FakeDeployment> {
  const requests: RecordedRequest[] = [];
  const queries = new Map<string, unknown>();
  const watchers = new Set<{
    path: string;
    add: { args: unknown; componentPath?: string };
    send: () => void;
  }>();
  const waiting = new Set<() => void>();
  const notify = (): void => {
    for (const check of waiting) check();
  };
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const raw = Buffer.concat(chunks);
      const bytes = request.headers["content-encoding"] === "br" ? brotliDecompressSync(raw) : raw;
      const recorded: RecordedRequest = {
        method: request.method ?? "",
        path: (request.url ?? "").split("?")[0] ?? "",
        headers: request.headers,
        body: bytes.length === 0 ? undefined : (JSON.parse(bytes.toString()) as unknown),
      };
      requests.push(recorded);
      notify();
      let answer: Answer = answers.get(recorded.path) ?? { status: 404 };
      while (typeof answer === "function") answer = await answer(recorded);
      response.statusCode = answer.status ?? 200;
      response.setHeader("Content-Type", "application/json");
      response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket: WebSocket) => serveSync(socket, queries, watchers, notify));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answers = new Map<string, Answer>([
    ["/instance_name", { body: "fake" }],
    ["/api/v1/get_canonical_urls", { body: { convexCloudUrl: url, convexSiteUrl: `${url}/site` } }],
    [
      "/api/get_config_hashes",
      {
        body: {
          config: { functions: "convex/" },
          moduleHashes: [],
          udfServerVersion: null,
          nodeVersion: null,
        },
      },
    ],
    ["/api/deploy2/start_push", { body: startPushAnswer }],
    ["/api/deploy2/wait_for_schema", { body: { type: "complete" } }],
    [
      "/api/deploy2/finish_push",
      {
        body: {
          authDiff: { added: [], removed: [] },
          definitionDiffs: {},
          componentDiffs: {
            "": {
              diffType: { type: "modify" },
              moduleDiff: { added: [], removed: [] },
              udfConfigDiff: null,
              cronDiff: { added: [], updated: [], deleted: [] },
              indexDiff: emptyIndexDiff,
              schemaDiff: null,
            },
          },
        },
      },
    ],
    ["/api/deploy2/report_push_completed", { body: null }],
    ["/api/update_environment_variables", {}],
  ]);

  return {
    url,
    requests,
    to: (path) => requests.filter((request) => request.path === path),
    waitFor: (path, count = 1) => until(() => requests.filter((request) => request.path === path)[count - 1]),
    answer: (path, answer) => void answers.set(path, answer),
    setQuery(path, result) {
      queries.set(path, result);
      for (const watcher of watchers) if (watcher.path === path) watcher.send();
    },
    waitForQuery: (path) => until(() => [...watchers].find((watcher) => watcher.path === path)?.add),
    disconnect() {
      for (const socket of sockets.clients) socket.terminate();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface ClientMessage {
  type: string;
  value?: string;
  modifications?: { type: string; queryId: number; udfPath: string; args: unknown; componentPath?: string }[];
}

function serveSync(
  socket: WebSocket,
  queries: Map<string, unknown>,
  watchers: Set<{ path: string; add: { args: unknown; componentPath?: string }; send: () => void }>,
  notify: () => void,
): void {
  const own: { path: string; add: { args: unknown; componentPath?: string }; send: () => void }[] = [];
  socket.on("close", () => {
    for (const watcher of own) watchers.delete(watcher);
  });
  socket.on("message", (data) => {
    const message = JSON.parse(data.toString()) as ClientMessage;
    if (message.type === "Authenticate" && message.value !== adminKey) {
      socket.send(JSON.stringify({ type: "AuthError", error: "BadDeployKey", baseVersion: 0 }));
      socket.close();
    }
    for (const change of message.modifications ?? []) {
      const send = (): void => {
        const result = queries.get(change.udfPath);
        const modification =
          result instanceof Error
            ? { type: "QueryFailed", queryId: change.queryId, errorMessage: result.message, logLines: [] }
            : { type: "QueryUpdated", queryId: change.queryId, value: result ?? null, logLines: [] };
        const text = JSON.stringify({ type: "Transition", modifications: [modification] });
        // In two chunks, as large transitions come.
        const half = Math.floor(text.length / 2);
        for (const [partNumber, chunk] of [text.slice(0, half), text.slice(half)].entries()) {
          socket.send(
            JSON.stringify({ type: "TransitionChunk", chunk, partNumber, totalParts: 2, transitionId: "1" }),
          );
        }
      };
      const { args, componentPath } = change;
      const watcher = {
        path: change.udfPath,
        add: { args, ...(componentPath === undefined ? {} : { componentPath }) },
        send,
      };
      own.push(watcher);
      watchers.add(watcher);
      send();
      notify();
    }
  });
}

import { type Engine, fromWireNanoseconds, type Timestamp, toWireNanoseconds } from "@tandem/engine";
import {
  ApiError,
  clientVersionOf,
  decodeTs,
  defaultsToEncodedFormat,
  encodeTs,
  type FunctionRequest,
  outcomeToText,
  parseFormat,
  parseFunctionPath,
  type ValueFormat,
} from "@tandem/protocol";
import type { LogLine } from "@tandem/runtime";
import { type JSONValue, jsonToConvex } from "@tandem/values";
import { Hono } from "hono";
import type { Authenticator, Caller } from "../auth/caller.ts";
import { argumentsObject } from "../execute/arguments.ts";
import type { Executor } from "../execute/executor.ts";
import type { ClientResult } from "../execute/outcome.ts";
import type { Limits } from "../limits.ts";
import type { LiveQueries } from "../live/live_queries.ts";
import { formatLogLines } from "../logs/lines.ts";
import type { Seams } from "../seams.ts";
import { callerOf, requireAdmin } from "./credentials.ts";
import { readJson } from "./errors.ts";

export interface FunctionApiContext {
  readonly engine: Engine;
  readonly executor: Executor;
  readonly live: LiveQueries;
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  readonly instanceName: string;
  readonly seams: Pick<Seams, "timers">;
}

/** Calls of functions over HTTP (P §3.1). */
export function functionApi(context: FunctionApiContext): Hono {
  const app = new Hono();
  const { engine, executor, limits } = context;
  const body = (request: Request) => readJson(request, limits.httpBody);
  const caller = (request: Request) => callerOf(request, context.authenticator);

  const query = async (call: FunctionRequest, who: Caller, at: Timestamp, http: Request): Promise<string> => {
    const format = formatOf(call, http);
    const key = {
      path: call.path,
      args: argumentsObject(call.args),
      journal: null,
      internal: who.kind === "admin",
      componentPath: call.componentPath ?? "",
    };
    const requestId = http.headers.get("convex-request-id");
    if (requestId !== null) {
      // Errors carry the request's id, so a result that was kept for others would name the wrong one.
      return answer(await executor.query(key, who, at, "HttpApi", requestId), format);
    }
    const entry = await context.live.get(key, who, at);
    return answer(entry.result.run, format);
  };

  app.use("/api/*", async (_c, next) => {
    const late = await within(context.seams, limits.httpTimeout, next());
    return late ? new Response(null, { status: 408 }) : undefined;
  });

  app.post("/api/query", async (c) => {
    const who = await caller(c.req.raw);
    const call = functionRequest(await body(c.req.raw));
    return jsonText(await query(call, who, engine.durable, c.req.raw));
  });

  app.get("/api/query", async (c) => {
    const who = await caller(c.req.raw);
    const { path, args, format } = c.req.query();
    const call = functionRequest({
      path,
      args: queryArguments(args),
      ...(format === undefined ? {} : { format }),
    });
    return jsonText(await query(call, who, engine.durable, c.req.raw));
  });

  app.post("/api/query_ts", (c) => c.json({ ts: encodeTs(toWireNanoseconds(engine.durable)) }));

  app.post("/api/query_at_ts", async (c) => {
    const who = await caller(c.req.raw);
    const fields = await body(c.req.raw);
    const call = functionRequest(fields);
    const at = timestamp((fields as { ts?: unknown }).ts);
    return jsonText(await query(call, who, at, c.req.raw));
  });

  app.post("/api/query_batch", async (c) => {
    const who = await caller(c.req.raw);
    const { queries } = (await body(c.req.raw)) as { queries?: unknown };
    if (!Array.isArray(queries)) {
      throw new ApiError("BadRequest", "BadJsonBody", "`queries` is missing: give an array of {path, args}.");
    }
    const at = engine.durable;
    const calls = queries.map(functionRequest);
    const results = await Promise.all(calls.map((call) => query(call, who, at, c.req.raw)));
    return jsonText(`{"results":[${results.join(",")}]}`);
  });

  app.post("/api/mutation", async (c) => {
    const who = await caller(c.req.raw);
    const call = functionRequest(await body(c.req.raw));
    const run = await executor.mutation(request(call, who, c.req.raw, executor), null);
    return jsonText(answer(run, formatOf(call, c.req.raw)));
  });

  app.post("/api/action", async (c) => {
    const who = await caller(c.req.raw);
    const call = functionRequest(await body(c.req.raw));
    return jsonText(
      answer(await executor.action(request(call, who, c.req.raw, executor)), formatOf(call, c.req.raw)),
    );
  });

  app.post("/api/function", async (c) => {
    const who = await caller(c.req.raw);
    if (who.kind !== "admin") {
      requireAdmin(who, context.instanceName);
    }
    const call = functionRequest(await body(c.req.raw));
    const run = await executor.any(request(call, who, c.req.raw, executor));
    return jsonText(answer(run, formatOf(call, c.req.raw)));
  });

  app.post("/api/run/*", async (c) => {
    const who = await caller(c.req.raw);
    const segments = new URL(c.req.url).pathname.slice("/api/run/".length).split("/").map(decodeSegment);
    if (segments.length < 2 || segments.includes("")) {
      throw new ApiError(
        "BadRequest",
        "MissingIdentifier",
        "Name the function as /api/run/<module>/<function>, for instance /api/run/messages/list.",
      );
    }
    const path = `${segments.slice(0, -1).join("/")}:${segments.at(-1)}`;
    const fields = (await body(c.req.raw)) as Record<string, unknown>;
    const call = functionRequest({ ...fields, path, componentPath: undefined });
    const run = await executor.any(request(call, who, c.req.raw, executor));
    return jsonText(answer(run, parseFormat(call.format, "json")));
  });

  return app;
}

function request(call: FunctionRequest, caller: Caller, http: Request, executor: Executor) {
  return {
    path: call.path,
    args: argumentsObject(call.args),
    componentPath: call.componentPath ?? "",
    caller,
    requestId: http.headers.get("convex-request-id") ?? executor.newRequestId(),
    source: "HttpApi" as const,
  };
}

function answer(
  run: { readonly result: ClientResult; readonly logs: readonly LogLine[] },
  format: ValueFormat,
): string {
  const { result } = run;
  const logLines = formatLogLines(run.logs);
  if (result.kind === "value") {
    return outcomeToText(
      { status: "success", value: jsonToConvex(JSON.parse(result.value)), logLines },
      format,
    );
  }
  const errorData = result.data === undefined ? {} : { errorData: jsonToConvex(JSON.parse(result.data)) };
  return outcomeToText(
    { status: "error", errorMessage: result.clientMessage, ...errorData, logLines },
    format,
  );
}

function jsonText(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/json" } });
}

function formatOf(call: FunctionRequest, http: Request): ValueFormat {
  return parseFormat(
    call.format,
    defaultsToEncodedFormat(clientVersionOf(http.headers.get("convex-client"), null))
      ? "convex_encoded_json"
      : "json",
  );
}

function functionRequest(body: unknown): FunctionRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError("BadRequest", "BadJsonBody", "The body must be an object with `path` and `args`.");
  }
  const { path, args, format, componentPath } = body as Record<string, unknown>;
  if (typeof path !== "string") {
    throw new ApiError(
      "BadRequest",
      "BadJsonBody",
      "`path` is missing: name the function, for instance `messages:list`.",
    );
  }
  // Here a path that cannot be one is a request of the wrong form, not a function's error (P §3.1).
  parseFunctionPath(path);
  if (format !== undefined && format !== null && typeof format !== "string") {
    throw new ApiError("BadRequest", "BadFormat", "`format` must be a string.");
  }
  if (componentPath !== undefined && componentPath !== null && typeof componentPath !== "string") {
    throw new ApiError("BadRequest", "BadJsonBody", "`componentPath` must be a string.");
  }
  return {
    path,
    args: (args ?? {}) as JSONValue,
    format: format ?? undefined,
    componentPath: componentPath ?? null,
  };
}

function queryArguments(text: string | undefined): JSONValue {
  try {
    return text === undefined ? {} : (JSON.parse(text) as JSONValue);
  } catch (error) {
    throw new ApiError("BadRequest", "BadQueryArgs", `\`args\` is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new ApiError("BadRequest", "BadPathArgs", `"${segment}" is not a valid part of a path.`, {
      cause: error,
    });
  }
}

function timestamp(ts: unknown): Timestamp {
  try {
    return fromWireNanoseconds(decodeTs(ts as string));
  } catch (error) {
    throw new ApiError("BadRequest", "BadJsonBody", "`ts` must be a timestamp as /api/query_ts answers it.", {
      cause: error,
    });
  }
}

/** Waits for `running` at most so many milliseconds; answers whether it was too late. What runs goes on. */
async function within(
  seams: Pick<Seams, "timers">,
  milliseconds: number,
  running: Promise<void>,
): Promise<boolean> {
  let timer: unknown;
  const late = new Promise<boolean>((resolve) => {
    timer = seams.timers.setTimeout(() => resolve(true), milliseconds);
  });
  try {
    return await Promise.race([running.then(() => false), late]);
  } finally {
    seams.timers.clearTimeout(timer);
  }
}

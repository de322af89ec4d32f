import {
  ApiError,
  clientVersionOf,
  type LogEntry,
  logLineToText,
  type StreamLogsResponse,
} from "@tandem/protocol";
import { Hono } from "hono";
import type { Authenticator } from "../auth/caller.ts";
import { adminOfHeader } from "../deploy/admin.ts";
import type { Limits } from "../limits.ts";
import type { Seams } from "../seams.ts";
import type { FunctionLog } from "./function_log.ts";

export interface LogApiContext {
  readonly log: FunctionLog;
  readonly authenticator: Authenticator;
  readonly instanceName: string;
  readonly limits: Pick<Limits, "logPoll">;
  readonly seams: Pick<Seams, "timers">;
}

/** Long polls of what functions log, for `convex logs` and the dashboard (R §4.10, §7). */
export function logApi(context: LogApiContext): Hono {
  const app = new Hono();
  const paths = (name: string) => [`/api/${name}`, `/api/app_metrics/${name}`];

  app.on("GET", paths("stream_function_logs"), async (c) => {
    const request = c.req.raw;
    await adminOfHeader(context, request, "ViewLogs");
    const client = c.req.header("convex-client") ?? null;
    const shape = readsStructuredLines(client) ? (entry: LogEntry) => entry : withTextLines;
    return c.json(await poll(context, request, cursorOf(c.req.query("cursor")), shape));
  });

  app.on("GET", paths("stream_udf_execution"), async (c) => {
    const request = c.req.raw;
    await adminOfHeader(context, request, "ViewLogs");
    const completions = (entry: LogEntry) => (entry.kind === "Completion" ? withTextLines(entry) : null);
    return c.json(await poll(context, request, cursorOf(c.req.query("cursor")), completions));
  });
  return app;
}

/** Entries after `cursor`; when there are none, the first that comes, or nothing once the time is up. */
async function poll(
  { log, limits, seams }: LogApiContext,
  request: Request,
  cursor: number,
  shape: (entry: LogEntry) => LogEntry | null,
): Promise<StreamLogsResponse> {
  const news = (): StreamLogsResponse => {
    const { entries, newCursor } = log.after(cursor);
    return { entries: entries.map(shape).filter((entry) => entry !== null), newCursor };
  };
  const now = news();
  // The first call is for the position to go on from, and for what has been: it never waits.
  if (cursor === 0 || now.entries.length > 0) return now;
  await new Promise<void>((resolve) => {
    const end = () => {
      unlisten();
      seams.timers.clearTimeout(timer);
      request.signal.removeEventListener("abort", end);
      resolve();
    };
    const unlisten = log.listen((entry) => {
      if (shape(entry) !== null) end();
    });
    const timer = seams.timers.setTimeout(end, limits.logPoll);
    request.signal.addEventListener("abort", end, { once: true });
    if (request.signal.aborted) end();
  });
  return news();
}

function cursorOf(text: string | undefined): number {
  const cursor = text === undefined || text === "" ? 0 : Number(text);
  if (Number.isFinite(cursor) && cursor >= 0) return cursor;
  throw new ApiError(
    "BadRequest",
    "BadQueryArgs",
    `\`cursor\` is "${text}": give the newCursor of the answer before, or 0 to begin.`,
  );
}

/** The CLI and the dashboard print lines themselves; all others get them as text. */
function readsStructuredLines(header: string | null): boolean {
  const { client } = clientVersionOf(header, null);
  return client === "npm-cli" || client === "dashboard";
}

function withTextLines(entry: LogEntry): LogEntry {
  const text = (line: LogEntry["logLines"][number]) =>
    typeof line === "string" ? line : logLineToText(line);
  return { ...entry, logLines: entry.logLines.map(text) };
}

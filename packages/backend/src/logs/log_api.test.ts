import type { CompletionLogEntry, StreamLogsResponse } from "@tandem/protocol";
import { ApiError } from "@tandem/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import type { Authenticator } from "../auth/caller.ts";
import { FunctionLog } from "./function_log.ts";
import { logApi } from "./log_api.ts";

const authenticator: Authenticator = {
  user: () => Promise.reject(new ApiError("Unauthenticated", "NoAuthProvider", "none")),
  admin: (key) => {
    if (key === "key") return { kind: "admin", actingAs: null, readOnly: true };
    throw new ApiError("Unauthenticated", "BadAdminKey", "wrong");
  },
  forget: () => {},
};

let log: FunctionLog;
let timers: (() => void)[];
let app: ReturnType<typeof logApi>;
beforeEach(() => {
  log = new FunctionLog(3);
  timers = [];
  const seams = {
    timers: {
      setTimeout: (end: () => void) => timers.push(end),
      clearTimeout: () => {},
      setImmediate: (next: () => void) => setImmediate(next),
    },
  };
  app = logApi({ log, authenticator, instanceName: "test", limits: { logPoll: 1000 }, seams });
});

const line = { level: "LOG", messages: ["'hi'"], isTruncated: false, timestamp: 5 } as const;
const entry = (identifier: string) => ({
  logEntry: {
    kind: "Completion",
    identifier,
    logLines: [{ ...line, messages: [...line.messages] }],
  } as unknown as CompletionLogEntry,
});
const get = async (path: string, client = "npm-cli-1.48.0", key = "key") => {
  const response = await app.request(path, {
    headers: { authorization: `Convex ${key}`, "convex-client": client },
  });
  return (await response.json()) as StreamLogsResponse;
};

describe("the log stream", () => {
  it("answers its history at once, and then what is new as it comes", async () => {
    expect(await get("/api/stream_function_logs?cursor=0")).toEqual({ entries: [], newCursor: 0 });
    log.add(entry("a:b"), 100);
    const first = await get("/api/stream_function_logs?cursor=0");
    expect(first).toMatchObject({ entries: [{ identifier: "a:b" }], newCursor: 100 });
    const waiting = get(`/api/app_metrics/stream_function_logs?cursor=${first.newCursor}`);
    while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    log.add(entry("c:d"), 100);
    expect((await waiting).entries).toMatchObject([{ identifier: "c:d" }]);
  });

  it("answers nothing when nothing comes in time", async () => {
    log.add(entry("a:b"), 100);
    const waiting = get("/api/stream_function_logs?cursor=100");
    while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    timers[0]!();
    expect(await waiting).toEqual({ entries: [], newCursor: 100 });
  });

  it("gives lines in their parts to the CLI and the dashboard, as text to others", async () => {
    log.add(entry("a:b"), 100);
    const linesFor = async (path: string, client: string) => (await get(path, client)).entries[0]!.logLines;
    for (const client of ["npm-cli-1.48.0", "dashboard-0.0.0"]) {
      expect(await linesFor("/api/stream_function_logs?cursor=0", client)).toEqual([line]);
    }
    expect(await linesFor("/api/stream_function_logs?cursor=0", "npm-1.48.0")).toEqual(["[LOG] 'hi'"]);
    expect(await linesFor("/api/stream_udf_execution?cursor=0", "npm-cli-1.48.0")).toEqual(["[LOG] 'hi'"]);
  });

  it("is for admins", async () => {
    const response = await app
      .onError((error) =>
        Response.json({ code: (error as ApiError).code }, { status: (error as ApiError).httpStatus }),
      )
      .request("/api/stream_function_logs?cursor=0", { headers: { authorization: "Convex wrong-key" } });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ code: "BadDeployKey" });
  });
});

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ANONYMOUS } from "../auth/caller.ts";
import { Completion } from "./completion.ts";

const usage = {
  documentsRead: 2,
  bytesRead: 300,
  documentsWritten: 1,
  bytesWritten: 100,
  databaseQueries: 2,
  userTime: 3,
  memoryMegabytes: 4,
};

function completion(result: ConstructorParameters<typeof Completion>[0]["outcome"]["result"]): Completion {
  return new Completion({
    kind: "mutation",
    request: {
      path: "messages:send",
      args: "{}",
      componentPath: "",
      caller: ANONYMOUS,
      requestId: "0123456789abcdef",
      source: "SyncWorker",
    },
    began: 1_000_000_000_000,
    ended: 1_000_000_000_250,
    outcome: { result, logs: [], usage },
    random: { bytes: (length) => randomBytes(length) },
  });
}

describe("a call's log entry", () => {
  it("says what ran, for whom, how long, and what it used", () => {
    expect(completion({ kind: "value", value: '"four"' }).logEntry).toMatchObject({
      kind: "Completion",
      udfType: "Mutation",
      identifier: "messages:send",
      componentPath: null,
      timestamp: 1_000_000_000.25,
      executionTimestamp: 1_000_000_000,
      executionTime: 0.25,
      userExecutionTime: 0.003,
      error: null,
      returnBytes: 6,
      requestId: "0123456789abcdef",
      identityType: "unknown",
      caller: "SyncWorker",
      usageStats: { databaseReadDocuments: 2, databaseWriteBytes: 100, memoryUsedMb: 4 },
    });
    expect(completion({ kind: "error", message: "Uncaught Error: no" }).logEntry).toMatchObject({
      error: "Uncaught Error: no",
      returnBytes: null,
    });
  });

  it("has one execution id, a random UUID of version 4, whoever reads it and however often", () => {
    const call = completion({ kind: "value", value: "null" });
    const { executionId } = call.logEntry;
    expect(executionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(call.logEntry.executionId).toBe(executionId);
    expect(completion({ kind: "value", value: "null" }).logEntry.executionId).not.toBe(executionId);
  });
});

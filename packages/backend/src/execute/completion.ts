import {
  type CompletionLogEntry,
  displayFunctionPath,
  type IdentityType,
  parseFunctionPath,
} from "@tandem/protocol";
import type { FunctionKind, FunctionResult, LogLine, Usage } from "@tandem/runtime";
import type { Caller } from "../auth/caller.ts";
import type { Request } from "./executor.ts";

const UDF_TYPES = { query: "Query", mutation: "Mutation", action: "Action" } as const;

/** The log's entry for a call that has ended (R §7). */
export function completionEntry(call: {
  kind: FunctionKind;
  request: Request;
  /** Milliseconds since the epoch. */
  began: number;
  ended: number;
  outcome: { readonly result: FunctionResult; readonly logs: readonly LogLine[]; readonly usage: Usage };
  executionId: Uint8Array;
}): CompletionLogEntry {
  const { request, outcome, began, ended } = call;
  const { usage } = outcome;
  return {
    kind: "Completion",
    udfType: UDF_TYPES[call.kind],
    componentPath: request.componentPath === "" ? null : request.componentPath,
    identifier: identifier(request.path),
    logLines: [...outcome.logs],
    timestamp: ended / 1000,
    executionTimestamp: began / 1000,
    cachedResult: false,
    caller: request.source,
    parentExecutionId: null,
    executionTime: (ended - began) / 1000,
    userExecutionTime: usage.userTime / 1000,
    success: null,
    error: outcome.result.kind === "error" ? outcome.result.message : null,
    requestId: request.requestId,
    executionId: uuid(call.executionId),
    usageStats: {
      databaseReadBytes: usage.bytesRead,
      databaseWriteBytes: usage.bytesWritten,
      databaseIoReadBytes: usage.bytesRead,
      databaseIoWriteBytes: usage.bytesWritten,
      databaseReadDocuments: usage.documentsRead,
      databaseWriteDocuments: usage.documentsWritten,
      storageReadBytes: 0,
      storageWriteBytes: 0,
      vectorIndexReadBytes: 0,
      vectorIndexWriteBytes: 0,
      textIndexQueryBytes: 0,
      textIndexWriteQueryBytes: 0,
      vectorIndexReadQueryBytes: 0,
      vectorIndexWriteQueryBytes: 0,
      networkEgressBytes: 0,
      memoryUsedMb: usage.memoryMegabytes,
    },
    returnBytes: outcome.result.kind === "value" ? outcome.result.value.length : null,
    occInfo: null,
    willRetry: false,
    identityType: identityType(request.caller),
    environment: "isolate",
  };
}

function identifier(path: string): string {
  try {
    return displayFunctionPath(parseFunctionPath(path));
  } catch {
    // A name that cannot be one is logged as it came.
    return path;
  }
}

function identityType(caller: Caller): IdentityType {
  switch (caller.kind) {
    case "anonymous":
      return "unknown";
    case "user":
      return "user";
    case "admin":
      return caller.actingAs === null ? "instance_admin" : "member_acting_user";
    default:
      return caller satisfies never;
  }
}

/** A random UUID (version 4, RFC 9562) out of 16 random bytes. */
function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

import {
  type Caller as CallSource,
  type CompletionLogEntry,
  displayFunctionPath,
  type IdentityType,
  parseFunctionPath,
} from "@tandem/protocol";
import type { FunctionKind, FunctionResult, LogLine, Usage } from "@tandem/runtime";
import type { Caller } from "../auth/caller.ts";
import type { Loggable } from "../logs/function_log.ts";
import type { Seams } from "../seams.ts";
import type { Request } from "./executor.ts";

const UDF_TYPES = { query: "Query", mutation: "Mutation", action: "Action" } as const;

interface EndedCall {
  readonly kind: FunctionKind;
  readonly request: Request;
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly ended: number;
  readonly outcome: {
    readonly result: FunctionResult;
    readonly logs: readonly LogLine[];
    readonly usage: Usage;
  };
  /** What its execution id is made of. */
  readonly random: Seams["random"];
}

/**
 * A call that has ended, for the log. Every call is logged and few entries are ever read: this keeps what an entry
 * takes, without arguments and result, which may be large, and words it when it is asked for.
 */
export class Completion implements Loggable {
  readonly #kind: FunctionKind;
  readonly #path: string;
  readonly #componentPath: string;
  readonly #source: CallSource;
  readonly #identityType: IdentityType;
  readonly #requestId: string;
  readonly #began: number;
  readonly #ended: number;
  readonly #logs: readonly LogLine[];
  readonly #usage: Usage;
  readonly #error: string | null;
  readonly #returnBytes: number | null;
  readonly #random: Seams["random"];
  #entry: CompletionLogEntry | null = null;

  constructor({ kind, request, began, ended, outcome, random }: EndedCall) {
    const { result } = outcome;
    this.#kind = kind;
    this.#path = request.path;
    this.#componentPath = request.componentPath;
    this.#source = request.source;
    this.#identityType = identityType(request.caller);
    this.#requestId = request.requestId;
    this.#began = began;
    this.#ended = ended;
    this.#logs = outcome.logs;
    this.#usage = outcome.usage;
    this.#error = result.kind === "error" ? result.message : null;
    this.#returnBytes = result.kind === "value" ? result.value.length : null;
    this.#random = random;
  }

  /** The same one, with the same execution id, for every reader (R §7). */
  get logEntry(): CompletionLogEntry {
    this.#entry ??= this.#worded();
    return this.#entry;
  }

  #worded(): CompletionLogEntry {
    const usage = this.#usage;
    return {
      kind: "Completion",
      udfType: UDF_TYPES[this.#kind],
      componentPath: this.#componentPath === "" ? null : this.#componentPath,
      identifier: identifier(this.#path),
      logLines: [...this.#logs],
      timestamp: this.#ended / 1000,
      executionTimestamp: this.#began / 1000,
      cachedResult: false,
      caller: this.#source,
      parentExecutionId: null,
      executionTime: (this.#ended - this.#began) / 1000,
      userExecutionTime: usage.userTime / 1000,
      success: null,
      error: this.#error,
      requestId: this.#requestId,
      executionId: uuid(this.#random.bytes(16)),
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
      returnBytes: this.#returnBytes,
      occInfo: null,
      willRetry: false,
      identityType: this.#identityType,
      environment: "isolate",
    };
  }
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

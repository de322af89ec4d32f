import type { ModuleEnvironment } from "./deploy.ts";

/** The kinds of functions in log entries and errors. */
export type UdfType = "Query" | "Mutation" | "Action" | "HttpAction";

export type LogLevel = "DEBUG" | "ERROR" | "WARN" | "INFO" | "LOG";

/** A line that a function logged (R §2.3). Clients other than the CLI and the dashboard get text. */
export interface StructuredLogLine {
  messages: readonly string[];
  isTruncated: boolean;
  /** Milliseconds since 1970. */
  timestamp: number;
  level: LogLevel;
  systemMetadata?: { code: string } | null;
  /** Only for lines of nested calls. */
  componentPath?: string | null;
  udfPath?: string | null;
}

/** Who asked for a function to run (R §7). */
export type Caller = "SyncWorker" | "HttpApi" | "Tester" | "HttpEndpoint" | "Cron" | "Scheduler" | "Action";

export type IdentityType =
  | "instance_admin"
  | "system"
  | "user"
  | "member_acting_user"
  | "team_acting_user"
  | "unknown";

/** What a call used, in bytes, documents and megabytes as named (R §7). */
export interface UsageStats {
  databaseReadBytes: number;
  databaseWriteBytes: number;
  databaseIoReadBytes: number;
  databaseIoWriteBytes: number;
  databaseReadDocuments: number;
  databaseWriteDocuments: number;
  storageReadBytes: number;
  storageWriteBytes: number;
  vectorIndexReadBytes: number;
  vectorIndexWriteBytes: number;
  textIndexQueryBytes: number;
  textIndexWriteQueryBytes: number;
  vectorIndexReadQueryBytes: number;
  vectorIndexWriteQueryBytes: number;
  networkEgressBytes: number;
  memoryUsedMb: number;
}

/** Which conflict made a mutation run again (R §7). */
export interface OccInfo {
  tableName: string | null;
  documentId: string | null;
  writeSource: string | null;
  componentPath: string | null;
  retryCount: number;
}

/** A call has ended. All times in seconds, since 1970 or long (R §7). */
export interface CompletionLogEntry {
  kind: "Completion";
  udfType: UdfType;
  componentPath: string | null;
  /** `mod:fn`, or `GET /path` for an HTTP action. */
  identifier: string;
  logLines: (string | StructuredLogLine)[];
  /** When it ended. */
  timestamp: number;
  /** When it began. */
  executionTimestamp: number;
  cachedResult: boolean;
  caller: Caller;
  parentExecutionId: string | null;
  executionTime: number;
  userExecutionTime: number | null;
  /** Only for HTTP actions. */
  success: { status: string } | null;
  error: string | null;
  /** 16 hex characters. */
  requestId: string;
  /** A UUID. */
  executionId: string;
  usageStats: UsageStats;
  returnBytes: number | null;
  occInfo: OccInfo | null;
  willRetry: boolean;
  identityType: IdentityType;
  environment: ModuleEnvironment;
}

/** Lines of an action that is still running (R §7). */
export interface ProgressLogEntry {
  kind: "Progress";
  udfType: UdfType;
  componentPath: string | null;
  identifier: string;
  /** When the function began, in seconds. */
  timestamp: number;
  logLines: (string | StructuredLogLine)[];
  requestId: string;
  executionId: string;
}

export type LogEntry = CompletionLogEntry | ProgressLogEntry;

/** Answer of `/api/stream_function_logs`; the cursor is the time of the newest entry in ms (R §4.10). */
export interface StreamLogsResponse {
  entries: LogEntry[];
  newCursor: number;
}

/** A structured line as one line of text: `[LOG] 'hello'` (R §2.3). */
export function logLineToText(line: StructuredLogLine): string {
  const cut = line.isTruncated ? " (truncated due to length)" : "";
  return `[${line.level}] ${line.messages.join(" ")}${cut}`;
}

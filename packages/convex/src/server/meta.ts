import type { FunctionType } from "./function_reference.ts";
import type { FunctionVisibility } from "./registered_function.ts";

/** How much of one limit a transaction has used, and how much is left. */
export type TransactionMetric = { used: number; remaining: number };

type MetricName =
  | "bytesRead"
  | "bytesWritten"
  | "databaseQueries"
  | "documentsRead"
  | "documentsWritten"
  | "functionsScheduled"
  | "scheduledFunctionArgsBytes"
  | "filesWritten"
  | "fileWriteBytes"
  | "filesRead"
  | "fileReadBytes";

/** Every limit of the running transaction (R §1.5). Bytes are bytes, the rest are counts. */
export type TransactionMetrics = { [Name in MetricName]: TransactionMetric };

/** Caps for a nested call, in the units of {@link TransactionMetrics}; what is left out keeps the server's limit. */
export interface TransactionLimits extends Partial<Record<MetricName, number>> {}

/** Which function is running. */
export type FunctionMetadata = {
  /** `folder/module:export`. */
  name: string;
  /** Names of components joined by `/`; empty in the app itself. */
  componentPath: string;
  type: FunctionType;
  visibility: FunctionVisibility;
};

/** Which deployment the function runs on. */
export type DeploymentMetadata = {
  name: string;
  region: string | null;
  class: "s16" | "s256" | "d1024" | "d2048";
};

/** The request that led to this call. */
export type RequestMetadata = {
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  scheduledFunctionId: string | null;
  authToken: string | null;
};

/** `ctx.meta` of queries. */
export interface QueryMeta {
  getFunctionMetadata(): Promise<FunctionMetadata>;
  getTransactionMetrics(): Promise<TransactionMetrics>;
  getDeploymentMetadata(): Promise<DeploymentMetadata>;
  /** The timestamp of the snapshot that is read, in nanoseconds since 1970. Reading it makes a query's result uncacheable. */
  getSnapshotTs(): bigint;
}

/** `ctx.meta` of mutations. */
export interface MutationMeta extends QueryMeta {
  getRequestMetadata(): Promise<RequestMetadata>;
}

/** `ctx.meta` of actions and HTTP actions. */
export interface ActionMeta {
  getFunctionMetadata(): Promise<FunctionMetadata>;
  getDeploymentMetadata(): Promise<DeploymentMetadata>;
  getRequestMetadata(): Promise<RequestMetadata>;
}

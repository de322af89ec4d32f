import type { LimitName } from "@tandem/engine";
import type { AsyncSyscall } from "./call_scope.ts";
import { SyscallError } from "./syscall_error.ts";

export const getFunctionMetadata: AsyncSyscall = (scope) =>
  JSON.stringify({ name: scope.name, componentPath: "" });

const METRICS: readonly LimitName[] = [
  "bytesRead",
  "bytesWritten",
  "databaseQueries",
  "documentsRead",
  "documentsWritten",
];

/** What the transaction has used and has left (R §1.5). */
export const getTransactionMetrics: AsyncSyscall = (scope) => {
  const { used, limits } = scope.tx.usage;
  const metrics: Record<string, { used: number; remaining: number }> = {};
  for (const name of METRICS) {
    metrics[name] = { used: used[name], remaining: Math.max(0, limits[name] - used[name]) };
  }
  // Scheduling has its own limits (R §2.5); here nothing is scheduled.
  metrics.functionsScheduled = { used: 0, remaining: 1000 };
  metrics.scheduledFunctionArgsBytes = { used: 0, remaining: 16 * 1024 * 1024 };
  return JSON.stringify(metrics);
};

export const getDeploymentMetadata: AsyncSyscall = (scope) =>
  JSON.stringify({ name: scope.tree.deployment.name, region: null, class: "s256" });

export const getRequestMetadata: AsyncSyscall = (scope) => {
  if (scope.kind === "query") {
    throw new SyscallError("RequestMetadataNotAllowed", "Request metadata cannot be read in queries.");
  }
  return JSON.stringify({
    ip: null,
    userAgent: null,
    requestId: scope.tree.requestId,
    scheduledFunctionId: null,
    authToken: null,
  });
};

import type { MaybePromise } from "@tandem/engine";
import { getUserIdentity } from "./auth.ts";
import type { AsyncSyscall, CallScope, SyncSyscall, SyscallArgs } from "./call_scope.ts";
import * as documents from "./documents.ts";
import * as metadata from "./metadata.ts";
import { createFunctionHandle, runUdf } from "./nested_calls.ts";
import { queryPage } from "./pagination.ts";
import { queryCleanup, queryStream, queryStreamNext } from "./query_stream.ts";
import { SyscallError } from "./syscall_error.ts";

export type { CallScope, CallTree, NestedRequest } from "./call_scope.ts";
export { Cursors } from "./cursor.ts";
export { OpenQueries } from "./query_stream.ts";
export { SyscallError } from "./syscall_error.ts";

const SYNC: ReadonlyMap<string, SyncSyscall> = new Map(
  Object.entries({
    "1.0/queryStream": queryStream,
    "1.0/queryCleanup": queryCleanup,
    "1.0/db/normalizeId": documents.normalizeId,
    "1.0/getSnapshotTs": (scope) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(scope.tx.at) * 1000n);
      return JSON.stringify({ $integer: bytes.toString("base64") });
    },
    "1.0/componentArgument": () => {
      throw new SyscallError("NoComponentArgs", "The app itself has no component arguments.");
    },
  } satisfies Record<string, SyncSyscall>),
);

const ASYNC: ReadonlyMap<string, AsyncSyscall> = new Map(
  Object.entries({
    "1.0/get": documents.get,
    "1.0/insert": documents.insert,
    "1.0/shallowMerge": documents.shallowMerge,
    "1.0/replace": documents.replace,
    "1.0/remove": documents.remove,
    "1.0/count": documents.count,
    "1.0/queryStreamNext": queryStreamNext,
    "1.0/queryPage": queryPage,
    "1.0/getUserIdentity": getUserIdentity,
    "1.0/runUdf": runUdf,
    "1.0/createFunctionHandle": createFunctionHandle,
    "1.0/getFunctionMetadata": metadata.getFunctionMetadata,
    "1.0/getTransactionMetrics": metadata.getTransactionMetrics,
    "1.0/getDeploymentMetadata": metadata.getDeploymentMetadata,
    "1.0/getRequestMetadata": metadata.getRequestMetadata,
  } satisfies Record<string, AsyncSyscall>),
);

export function runSyncSyscall(scope: CallScope, operation: string, args: string): string {
  const syscall = SYNC.get(operation);
  if (syscall === undefined) throw new SyscallError("UnknownOperation", `Unknown operation ${operation}`);
  return syscall(scope, JSON.parse(args) as SyscallArgs);
}

export function runAsyncSyscall(scope: CallScope, operation: string, args: string): MaybePromise<string> {
  const syscall = ASYNC.get(operation);
  if (syscall === undefined)
    throw new SyscallError("UnknownAsyncOperation", `Unknown async operation ${operation}`);
  return syscall(scope, JSON.parse(args) as SyscallArgs);
}

import { type JSONValue, jsonToConvex } from "@tandem/values";
import type { FunctionType } from "../function_reference.ts";
import type {
  ActionMeta,
  DeploymentMetadata,
  FunctionMetadata,
  MutationMeta,
  QueryMeta,
  RequestMetadata,
  TransactionMetrics,
} from "../meta.ts";
import type { FunctionVisibility } from "../registered_function.ts";
import { asyncSyscall, syscall } from "./syscall.ts";

async function functionMetadata(
  type: FunctionType,
  visibility: FunctionVisibility,
): Promise<FunctionMetadata> {
  const found = (await asyncSyscall("1.0/getFunctionMetadata", {})) as {
    name: string;
    componentPath: string;
  };
  return { name: found.name, componentPath: found.componentPath, type, visibility };
}

async function getTransactionMetrics(): Promise<TransactionMetrics> {
  const metrics = await asyncSyscall("1.0/getTransactionMetrics", {});
  return jsonToConvex(metrics as JSONValue) as unknown as TransactionMetrics;
}

async function getDeploymentMetadata(): Promise<DeploymentMetadata> {
  const found = (await asyncSyscall("1.0/getDeploymentMetadata", {})) as DeploymentMetadata;
  return { name: found.name, region: found.region ?? null, class: found.class };
}

async function getRequestMetadata(): Promise<RequestMetadata> {
  const found = (await asyncSyscall("1.0/getRequestMetadata", {})) as RequestMetadata;
  const { ip, userAgent, requestId, scheduledFunctionId, authToken } = found;
  return { ip, userAgent, requestId, scheduledFunctionId, authToken };
}

function getSnapshotTs(): bigint {
  return jsonToConvex(syscall("1.0/getSnapshotTs", {}) as JSONValue) as bigint;
}

/** `ctx.meta` of queries. */
export function queryMeta(visibility: FunctionVisibility): QueryMeta {
  return {
    getFunctionMetadata: () => functionMetadata("query", visibility),
    getTransactionMetrics,
    getDeploymentMetadata,
    getSnapshotTs,
  };
}

/** `ctx.meta` of mutations. */
export function mutationMeta(visibility: FunctionVisibility): MutationMeta {
  return {
    getFunctionMetadata: () => functionMetadata("mutation", visibility),
    getTransactionMetrics,
    getDeploymentMetadata,
    getRequestMetadata,
    getSnapshotTs,
  };
}

/** `ctx.meta` of actions and HTTP actions. */
export function actionMeta(visibility: FunctionVisibility): ActionMeta {
  return {
    getFunctionMetadata: () => functionMetadata("action", visibility),
    getDeploymentMetadata,
    getRequestMetadata,
  };
}

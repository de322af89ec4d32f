import { type JSONValue, jsonToConvex, type Value } from "@tandem/values";
import { getFunctionAddress } from "../api.ts";
import type { AdvancedRunQueryOptions } from "../contexts.ts";
import type { TransactionLimits } from "../meta.ts";
import { callArguments } from "./call_arguments.ts";
import { asyncSyscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

type NestedType = "query" | "mutation" | "snapshotQuery";

/** Runs a function inside the running transaction (R §1.9). */
async function nested(
  udfType: NestedType,
  reference: unknown,
  args: unknown,
  transactionLimits: TransactionLimits | undefined,
): Promise<Value> {
  const call = { udfType, args: callArguments(args), ...getFunctionAddress(reference) };
  const result = await asyncSyscall("1.0/runUdf", transactionLimits ? { ...call, transactionLimits } : call);
  return jsonToConvex(result as JSONValue);
}

/** `ctx.runQuery` of queries. */
export function runQueryInQuery(
  reference: unknown,
  args?: unknown,
  options?: AdvancedRunQueryOptions,
): Promise<Value> {
  if (options?.useStaleSnapshot) {
    throw new Error(
      "`useStaleSnapshot` is an option of mutations: a query reads one snapshot anyway. Remove it.",
    );
  }
  return nested("query", reference, args, options?.transactionLimits);
}

/** `ctx.runQuery` of mutations. */
export function runQueryInMutation(
  reference: unknown,
  args?: unknown,
  options?: AdvancedRunQueryOptions,
): Promise<Value> {
  const type = options?.useStaleSnapshot ? "snapshotQuery" : "query";
  return nested(type, reference, args, options?.transactionLimits);
}

/** `ctx.runMutation` of mutations. */
export function runMutationInMutation(
  reference: unknown,
  args?: unknown,
  options?: { transactionLimits?: TransactionLimits },
): Promise<Value> {
  return nested("mutation", reference, args, options?.transactionLimits);
}

/** `ctx.runQuery`, `ctx.runMutation` and `ctx.runAction` of actions: each call is a transaction of its own (R §1.6). */
export function actionCalls(requestId: string) {
  const call = (op: string) => async (reference: unknown, args?: unknown) => {
    const address = getFunctionAddress(reference);
    const result = await asyncSyscall(op, {
      ...address,
      args: callArguments(args),
      version: abiVersion,
      requestId,
    });
    return jsonToConvex(result as JSONValue);
  };
  return {
    runQuery: call("1.0/actions/query"),
    runMutation: call("1.0/actions/mutation"),
    runAction: call("1.0/actions/action"),
  };
}

import type { Transaction } from "@tandem/engine";
import { type JSONValue, parsedToConvex, type ValidatorTables, type Value } from "@tandem/values";
import type { FunctionKind, FunctionResult } from "../lanes/lane.ts";
import { displayFunctionPath } from "./function_path.ts";
import type { CallableFunction } from "./loaded_version.ts";
import { hostError } from "./result.ts";
import { argumentsFault, resultFault, WORTH_MEASURING } from "./size_limits.ts";

const KIND_NAMES: Readonly<Record<FunctionKind, string>> = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
};

/** For a function that is there, but is of another kind. */
export function wrongKind(path: string, wanted: FunctionKind, found: FunctionKind) {
  return hostError(
    `Trying to execute ${displayFunctionPath(path)} as ${KIND_NAMES[wanted]}, but it is defined as ${KIND_NAMES[found]}.`,
  );
}

function tablesOf(tx: Transaction): ValidatorTables {
  const { catalog, namespace } = tx;
  return {
    tableNumberOf: (name) => catalog.table(namespace, name)?.number ?? null,
    tableNameOf: (number) => catalog.tableByNumber(namespace, number)?.name ?? null,
  };
}

/** What is wrong with a call's arguments, JSON text; `null` when nothing is. */
export function checkArgs(path: string, found: CallableFunction, args: string, tx: Transaction) {
  if (found.checkArgs === null && args.length < WORTH_MEASURING) return null;
  let value: Value;
  try {
    value = parsedToConvex(JSON.parse(args) as JSONValue);
  } catch (error) {
    return hostError(`Invalid arguments for ${displayFunctionPath(path)}: ${(error as Error).message}`);
  }
  const tooLarge = args.length < WORTH_MEASURING ? null : argumentsFault(path, value);
  if (tooLarge !== null) return tooLarge;
  const fault = found.checkArgs?.(value, tablesOf(tx)) ?? null;
  return fault === null ? null : hostError(`ArgumentValidationError: ${fault}`);
}

/** The result, or the error that it becomes when it is too large or not what the function declares. */
export function checkReturns(
  path: string,
  found: CallableFunction,
  result: FunctionResult,
  tx: Transaction,
): FunctionResult {
  if (result.kind === "error") return result;
  const tooLarge = resultFault(path, result.value);
  if (tooLarge !== null) return tooLarge;
  if (found.checkReturns === null) return result;
  const fault = found.checkReturns(parsedToConvex(JSON.parse(result.value) as JSONValue), tablesOf(tx));
  return fault === null ? result : hostError(`ReturnsValidationError: ${fault}`);
}

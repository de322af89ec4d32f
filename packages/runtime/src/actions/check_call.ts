import {
  compileValidator,
  type JSONValue,
  jsonToConvex,
  type ValidatorTables,
  type Value,
} from "@tandem/values";
import { wrongKind } from "../functions/call_checks.ts";
import { displayFunctionPath, splitFunctionPath } from "../functions/function_path.ts";
import { hostError } from "../functions/result.ts";
import { argumentsFault, resultFault } from "../functions/size_limits.ts";
import type { AnalyzedFunction, FunctionCall, FunctionResult, FunctionsVersion } from "../lanes/lane.ts";

type Refusal = Extract<FunctionResult, { kind: "error" }>;

/** What is checked before an action's JavaScript runs (R §1.2), in that order; or the function to run. */
export function checkActionCall(
  call: FunctionCall,
  version: FunctionsVersion,
  tables: ValidatorTables,
): AnalyzedFunction | Refusal {
  const { module, name } = splitFunctionPath(call.path);
  const found = version.analysis
    .find((one) => one.path === module)
    ?.functions.find((one) => one.name === name);
  const printed = displayFunctionPath(call.path);
  if (found === undefined || (found.visibility === "internal" && !call.internal)) {
    return hostError(
      call.internal
        ? `Could not find function for '${printed}'. Did you forget to run \`npx convex dev\`?`
        : `Could not find public function for '${printed}'.`,
    );
  }
  if (found.kind !== "action") return wrongKind(call.path, "action", found.kind);
  let args: Value;
  try {
    args = jsonToConvex(JSON.parse(call.args) as JSONValue);
  } catch (error) {
    return hostError(`Invalid arguments for ${printed}: ${(error as Error).message}`);
  }
  const tooLarge = argumentsFault(call.path, args);
  if (tooLarge !== null) return tooLarge;
  const fault = compileValidator(found.args)(args, tables);
  return fault === null ? found : hostError(`ArgumentValidationError: ${fault}`);
}

/** The result of an action that came back, checked against what it declares to return. */
export function checkActionResult(
  path: string,
  called: AnalyzedFunction,
  text: string,
  tables: ValidatorTables,
): FunctionResult {
  let value: Value;
  try {
    value = jsonToConvex(JSON.parse(text) as JSONValue);
  } catch (error) {
    // An action that was not made by `action(…)`: the text would break the message that carries it.
    return hostError(
      `${displayFunctionPath(path)} did not return a Convex value: ${(error as Error).message}`,
    );
  }
  const tooLarge = resultFault(path, text);
  if (tooLarge !== null) return tooLarge;
  const fault = called.returns === null ? null : compileValidator(called.returns)(value, tables);
  return fault === null ? { kind: "value", value: text } : hostError(`ReturnsValidationError: ${fault}`);
}

import { compileValidator, type JSONValue, jsonToConvex, type ValidatorTables } from "@tandem/values";
import type { AnalyzedFunction, FunctionCall, FunctionResult, FunctionsVersion } from "../lanes/lane.ts";

/** Bytes of the arguments and of the result, each (R §2.5). */
const maximumBytes = 16 * 1024 * 1024;

type Refusal = Extract<FunctionResult, { kind: "error" }>;

const kindNames = { query: "Query", mutation: "Mutation", action: "Action" } as const;

/** `dir/mod.js:default` → `dir/mod`, as error texts name it (P §6.1). */
export function printedPath(canonicalPath: string): string {
  const [module = "", name = "default"] = canonicalPath.split(":");
  const bare = module.replace(/\.js$/, "");
  return name === "default" ? bare : `${bare}:${name}`;
}

export function splitPath(canonicalPath: string): { module: string; name: string } {
  const at = canonicalPath.lastIndexOf(":");
  return at < 0
    ? { module: canonicalPath, name: "default" }
    : { module: canonicalPath.slice(0, at), name: canonicalPath.slice(at + 1) };
}

const refusal = (message: string, code?: string): Refusal =>
  code === undefined ? { kind: "error", message } : { kind: "error", message, code };

/** What is checked before an action's JavaScript runs (R §1.2), in that order; or the function to run. */
export function checkActionCall(
  call: FunctionCall,
  version: FunctionsVersion,
  tables: ValidatorTables,
): AnalyzedFunction | Refusal {
  const { module, name } = splitPath(call.path);
  const found = version.analysis
    .find((one) => one.path === module)
    ?.functions.find((one) => one.name === name);
  const printed = printedPath(call.path);
  if (found === undefined || (found.visibility === "internal" && !call.internal)) {
    return refusal(
      call.internal
        ? `Could not find function for '${printed}'. Did you forget to run \`npx convex dev\`?`
        : `Could not find public function for '${printed}'.`,
    );
  }
  if (found.kind !== "action") {
    const is = kindNames[found.kind];
    return refusal(`Trying to execute ${printed} as Action, but it is defined as ${is}.`);
  }
  const size = Buffer.byteLength(call.args);
  if (size > maximumBytes) {
    return refusal(`Arguments for ${printed} are too large (actual: ${size}, limit: ${maximumBytes})`);
  }
  const fault = faultOf(found.args, call.args, tables);
  return fault === null ? found : refusal(`ArgumentValidationError: ${fault}`);
}

/** The result of an action that came back, checked against what it declares to return. */
export function checkActionResult(
  called: AnalyzedFunction,
  value: string,
  tables: ValidatorTables,
): FunctionResult {
  const size = Buffer.byteLength(value);
  if (size > maximumBytes) {
    return refusal(
      `Function ${called.name} return value is too large (actual: ${size}, limit: ${maximumBytes})`,
    );
  }
  if (called.returns === null) return { kind: "value", value };
  const fault = faultOf(called.returns, value, tables);
  return fault === null ? { kind: "value", value } : refusal(`ReturnsValidationError: ${fault}`);
}

function faultOf(validator: AnalyzedFunction["args"], json: string, tables: ValidatorTables): string | null {
  if (validator.type === "any") return null;
  return compileValidator(validator)(jsonToConvex(JSON.parse(json) as JSONValue), tables);
}

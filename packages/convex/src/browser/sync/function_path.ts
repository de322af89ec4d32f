import { isSimpleObject, type Value } from "@tandem/values";
import { encodeValue } from "./wire_values.ts";

/**
 * A string that names one query: its function and its arguments. The spelling is
 * private to a client and never reaches the wire (P §2.1).
 */
export type QueryToken = string & { __queryToken: true };

/**
 * The spelling under which the client stores a function's path: always with a
 * function name (`default` when none was written) and without `.js` (P §2.1).
 */
export function canonicalFunctionPath(path: string): string {
  const colon = path.lastIndexOf(":");
  const [module, name] = colon < 0 ? [path, "default"] : [path.slice(0, colon), path.slice(colon + 1)];
  return `${module.endsWith(".js") ? module.slice(0, -3) : module}:${name}`;
}

/** The token of the query `path` (canonical) with `args`; the order of keys in `args` does not matter. */
export function queryToken(path: string, args: Record<string, Value>): QueryToken {
  return JSON.stringify({ udfPath: path, args: encodeValue(args) }) as QueryToken;
}

/**
 * The arguments object of a call: `{}` when left out.
 *
 * @throws Error when `args` is not a plain object.
 */
export function argumentsObject(args: Record<string, Value> | undefined): Record<string, Value> {
  if (args === undefined) return {};
  if (!isSimpleObject(args)) {
    throw new Error(`The arguments of a Convex function must be a plain object, not: ${String(args)}`);
  }
  return args;
}

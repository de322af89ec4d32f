import { convexToJson, isSimpleObject, type JSONValue, type Value } from "@tandem/values";

/**
 * The arguments of a call to another function, encoded; none at all are an empty object (P §2.1).
 *
 * @throws Error when they are something else than a plain object.
 */
export function callArguments(args: unknown): JSONValue {
  if (args === undefined) return {};
  if (args === null || !isSimpleObject(args)) {
    throw new Error(
      `The arguments of a function are one plain object with a field for each, but got ${args === null ? "null" : Array.isArray(args) ? "an array" : `a value of type ${typeof args}`}.`,
    );
  }
  return convexToJson(args as Value);
}

import type { JSONValue } from "@tandem/values";

/**
 * The arguments object as JSON text, out of what clients send: an object, or an array of one (P §3.1). Anything
 * else stays as it is, for the function's own check to say what is wrong with it.
 */
export function argumentsObject(args: JSONValue): string {
  if (Array.isArray(args)) {
    if (args.length === 1) {
      return JSON.stringify(args[0]);
    }
    if (args.length === 0) {
      return "{}";
    }
  }
  return JSON.stringify(args ?? {});
}

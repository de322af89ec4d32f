import { convexToJson, type JSONValue, parsedToConvex, type Value } from "@tandem/values";
import { isQuery } from "./database_query.ts";

/** A handler as the app wrote it, with its types left aside. */
export type Handler = (ctx: unknown, ...args: unknown[]) => unknown;

/** The marker of errors that carry data. */
const convexErrorMark = Symbol.for("ConvexError");

/** Makes an error that carries data readable for the host: the data as JSON text, the marker by name (R §1.1). */
function forHost(thrown: unknown): unknown {
  if (typeof thrown !== "object" || thrown === null || !(convexErrorMark in thrown)) return thrown;
  const error = thrown as { data?: unknown; ConvexErrorSymbol?: symbol };
  error.data = JSON.stringify(convexToJson((error.data === undefined ? null : error.data) as Value));
  error.ConvexErrorSymbol = convexErrorMark;
  return error;
}

/** Runs a handler, and leaves an error that it throws as the host expects it. */
export async function run(handler: Handler, ctx: unknown, args: unknown[]): Promise<unknown> {
  try {
    return await handler(ctx, ...args);
  } catch (thrown) {
    throw forHost(thrown);
  }
}

/**
 * Runs a handler for the host: an array of arguments comes, and the result goes, as JSON text (R §1.1).
 *
 * @throws whatever the handler throws; Error when its result is no value.
 */
export async function invoke(handler: Handler, ctx: unknown, argsJson: string): Promise<string> {
  const args = parsedToConvex(JSON.parse(argsJson) as JSONValue) as unknown[];
  let result: unknown;
  // As in `run`, which would be one more promise.
  try {
    result = await handler(ctx, ...args);
  } catch (thrown) {
    throw forHost(thrown);
  }
  if (isQuery(result)) {
    throw new Error(
      "This function returned a query that was not read. Read it first, with `.collect()`, `.take(n)`, `.first()`, `.unique()` or `.paginate(…)`.",
    );
  }
  return JSON.stringify(convexToJson((result === undefined ? null : result) as Value));
}

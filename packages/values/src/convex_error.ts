import { stringifyValueForError } from "./stringify.ts";
import type { Value } from "./value.ts";

/** What marks a `ConvexError` across copies of this package and across realms (P §6.1). */
const BRAND = /* @__PURE__ */ Symbol.for("ConvexError");

/**
 * An error with data for the caller: thrown by a function, it arrives at the client as a `ConvexError`
 * with the same `data`, even where other errors are hidden.
 *
 * @example
 * ```ts
 * throw new ConvexError({ code: "SOLD_OUT", item });
 * ```
 */
export class ConvexError<TData extends Value> extends Error {
  override name = "ConvexError";
  data: TData;

  constructor(data: TData) {
    super(typeof data === "string" ? data : stringifyValueForError(data));
    this.data = data;
    (this as { [BRAND]?: boolean })[BRAND] = true;
  }
}

/** Whether something thrown is a `ConvexError`, whichever copy of the class made it. */
export function isConvexError(error: unknown): error is ConvexError<Value> {
  return typeof error === "object" && error !== null && BRAND in error;
}

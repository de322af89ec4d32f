import type { Value } from "@tandem/values";

/** What a function run on the server ended with. */
export type FunctionResult = FunctionSuccess | FunctionFailure;

/** A function that returned. */
export type FunctionSuccess = {
  success: true;
  value: Value;
  logLines: string[];
};

/** A function that threw. `errorData` is present only for a `ConvexError` (P §1.4). */
export type FunctionFailure = {
  success: false;
  errorMessage: string;
  errorData?: Value | undefined;
  logLines: string[];
};

import { type JSONValue, parsedToConvex, type Value, valueSize } from "@tandem/values";
import type { FunctionResult } from "../lanes/lane.ts";
import { displayFunctionPath } from "./function_path.ts";
import { hostError } from "./result.ts";

/** Bytes that the arguments of a function, and its result, may have by the size formula (R §2.5). */
export const VALUE_LIMIT = 16 * 1024 * 1024;

/**
 * Texts shorter than this cannot hold a value near the limit: a number has 9 bytes and as little as 2 characters
 * with its comma. So that no small value is measured.
 */
export const WORTH_MEASURING = VALUE_LIMIT / 6;

/** What is wrong with the size of a function's arguments, or `null`. */
export function argumentsFault(
  path: string,
  value: Value,
): Extract<FunctionResult, { kind: "error" }> | null {
  const size = valueSize(value);
  if (size <= VALUE_LIMIT) return null;
  return hostError(
    `Arguments for ${displayFunctionPath(path)} are too large (actual: ${size}, limit: ${VALUE_LIMIT})`,
    "TooLargeFunctionArguments",
  );
}

/** What is wrong with the size of a function's result, or `null`. */
export function resultFault(path: string, text: string): Extract<FunctionResult, { kind: "error" }> | null {
  if (text.length < WORTH_MEASURING) return null;
  const size = sizeOfText(text);
  if (size <= VALUE_LIMIT) return null;
  return hostError(
    `Function ${displayFunctionPath(path)} return value is too large (actual: ${size}, limit: ${VALUE_LIMIT})`,
    "TooLargeFunctionResult",
  );
}

/** Bytes of the value that a JSON text holds; 0 for one that is far below the limit. */
export function roughSize(text: string): number {
  return text.length < WORTH_MEASURING ? 0 : sizeOfText(text);
}

function sizeOfText(text: string): number {
  return valueSize(parsedToConvex(JSON.parse(text) as JSONValue));
}

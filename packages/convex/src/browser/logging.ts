import { ConvexError, type Value } from "@tandem/values";
import type { FunctionFailure } from "./sync/function_result.ts";

/** Where a client writes its messages and the log lines of functions. */
export type Logger = {
  // biome-ignore lint/suspicious/noExplicitAny: the parameters of console.log, as the public type has them
  logVerbose(...args: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  log(...args: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  warn(...args: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  error(...args: any[]): void;
};

/** The kind of function a message is about. */
export type FunctionKind = "query" | "mutation" | "action" | "any";

const silent = () => {};

/**
 * The logger for the `logger` and `verbose` options of a client: `false` is
 * silent, `true` or nothing writes to the console, an object is used as it is.
 */
export function chooseLogger(logger: Logger | boolean | undefined, verbose = false): Logger {
  if (typeof logger === "object") return logger;
  if (logger === false) return { logVerbose: silent, log: silent, warn: silent, error: silent };
  // Looked up at each call, because tests and tools replace console methods.
  return {
    logVerbose: (...args) => {
      if (verbose) console.debug(new Date().toISOString(), ...args);
    },
    log: (...args) => console.log(...args),
    warn: (...args) => console.warn(...args),
    error: (...args) => console.error(...args),
  };
}

function label(kind: FunctionKind, path: string): string {
  return `[CONVEX ${kind === "any" ? "?" : kind.charAt(0).toUpperCase()}(${path})]`;
}

/** Prints the lines that a function wrote to its console on the server (P §2.9). */
export function logFunctionLines(logger: Logger, kind: FunctionKind, path: string, lines: string[]): void {
  for (const line of lines) {
    const level = /^\[.*?\] /.exec(line)?.[0];
    if (level === undefined) logger.error(`${label(kind, path)} Could not parse console.log`);
    else
      logger.log(`%c${label(kind, path)} ${level.slice(0, -1)}`, "color:#0a84ff", line.slice(level.length));
  }
}

/** Prints what a mutation or action failed with (P §2.9). */
export function logFunctionFailure(logger: Logger, kind: FunctionKind, path: string, message: string): void {
  logger.error(`${label(kind, path)} ${message}`);
}

/** The error a caller sees for `failure`: a `ConvexError` with its data when the function threw one (P §2.9). */
export function functionError(kind: FunctionKind, path: string, failure: FunctionFailure): Error {
  const text = `${label(kind, path)} ${failure.errorMessage}\n  Called by client`;
  return failure.errorData === undefined ? new Error(text) : convexError(text, failure.errorData);
}

/** A `ConvexError` that carries `data` but reads as `message`. */
export function convexError(message: string, data: Value): ConvexError<Value> {
  const error = new ConvexError<Value>(message);
  error.data = data;
  return error;
}

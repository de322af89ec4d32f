import { canonicalFunctionPath, isApiError, parseFunctionPath } from "@tandem/protocol";
import type { FunctionResult } from "@tandem/runtime";

export type FunctionError = Extract<FunctionResult, { kind: "error" }>;

/** More names than an app has; a flood of invented ones starts the memory over. */
const REMEMBERED = 10_000;

/** Names as clients give them, made canonical once: every call brings one. */
export class FunctionPaths {
  readonly #known = new Map<string, string | FunctionError>();

  /** `a/b.js:fn` for `a/b:fn`; the error to answer for a name that cannot be a function's. */
  canonical(name: string): string | FunctionError {
    let path = this.#known.get(name);
    if (path === undefined) {
      path = canonicalOrError(name);
      if (this.#known.size >= REMEMBERED) {
        this.#known.clear();
      }
      this.#known.set(name, path);
    }
    return path;
  }
}

function canonicalOrError(name: string): string | FunctionError {
  try {
    return canonicalFunctionPath(parseFunctionPath(name));
  } catch (error) {
    if (isApiError(error) && error.isDeterministic) {
      return { kind: "error", message: error.message, code: error.code };
    }
    throw error;
  }
}

import { ApiError } from "./error_codes.ts";

/** A function by its module and export: `a/b:fn` is `{ module: "a/b.js", name: "fn" }` (P §2.1). */
export interface FunctionPath {
  /** Path of the module with its extension. */
  module: string;
  /** Name of the export; `default` for the default export. */
  name: string;
}

const MAX_LENGTH = 64;

/**
 * Reads `a/b:fn`, `a/b.js:fn` or `a/b` (default export). Throws {@link ApiError} of code
 * `BadConvexFunctionIdentifier` when it is none (P §2.1, §3.1).
 */
export function parseFunctionPath(text: string): FunctionPath {
  const pieces = text.split(":");
  if (pieces.length > 2) throw invalid(text, 'it has more than one ":"');
  const name = pieces[1] ?? "default";
  const nameFault = functionNameFault(name);
  if (nameFault !== null) throw invalid(text, nameFault);
  return { module: parseModulePath(pieces[0]!, text), name };
}

/** Reads the path of a module, with or without `.js`; answers it with the extension. */
export function parseModulePath(path: string, whole: string = path): string {
  const module = path.startsWith("/") ? path.slice(1) : path;
  const components = module.split("/");
  for (const component of components) {
    if (component === "") throw invalid(whole, "a part of its module path is empty");
    if (component.length > MAX_LENGTH) {
      throw invalid(whole, `"${component}" is longer than ${MAX_LENGTH} characters`);
    }
    if (!/^[A-Za-z0-9_.]*$/.test(component)) {
      throw invalid(whole, `"${component}" may only contain letters, digits, underscores and periods`);
    }
    if (!/[A-Za-z0-9]/.test(component)) {
      throw invalid(whole, `"${component}" must have at least one letter or digit`);
    }
  }
  const file = components.at(-1)!;
  const dot = file.lastIndexOf(".");
  // A name like `auth.config` has a period but no extension that anybody means.
  if (dot > 0 && /^(ts|tsx|jsx|mjs|cjs|mts|cts|json)$/.test(file.slice(dot + 1))) {
    throw invalid(whole, `its module has the extension "${file.slice(dot)}", but only ".js" is allowed`);
  }
  return file.endsWith(".js") ? module : `${module}.js`;
}

/** `a/b.js:fn`: the form in which functions are stored and compared. */
export function canonicalFunctionPath(path: FunctionPath): string {
  return `${path.module}:${path.name}`;
}

/** The form for people: `a/b:fn`, and `a/b` for a default export (P §6.1). */
export function displayFunctionPath(path: FunctionPath): string {
  const module = stripExtension(path.module);
  return path.name === "default" ? module : `${module}:${path.name}`;
}

/**
 * What a client makes of a function's name before it subscribes: `.js` is stripped, a missing export
 * becomes `default` (P §2.1). Checks nothing: that is for the server.
 */
export function canonicalizeUdfPath(udfPath: string): string {
  const colon = udfPath.lastIndexOf(":");
  const module = colon === -1 ? udfPath : udfPath.slice(0, colon);
  const name = colon === -1 ? "default" : udfPath.slice(colon + 1);
  return `${stripExtension(module)}:${name}`;
}

function stripExtension(module: string): string {
  return module.endsWith(".js") ? module.slice(0, -3) : module;
}

function functionNameFault(name: string): string | null {
  if (name === "") return "the name of its function is empty";
  if (name.length > MAX_LENGTH) return `"${name}" is longer than ${MAX_LENGTH} characters`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `"${name}" is no identifier: it must start with a letter or underscore and go on with letters, digits and underscores`;
  }
  return /^_+$/.test(name) ? `"${name}" has only underscores` : null;
}

function invalid(text: string, why: string): ApiError {
  return new ApiError(
    "BadRequest",
    "BadConvexFunctionIdentifier",
    `${JSON.stringify(text)} is not a valid path to a Convex function: ${why}. Write it like "folder/module:function".`,
  );
}

/** Inside the isolate: takes V8's call sites apart, and asks the host for the user's own lines when needed. */
import { callHost } from "../web/bridge.ts";
import type { ErrorDescription, Frame } from "./frame.ts";

interface CallSite {
  getFunctionName(): string | null;
  getMethodName(): string | null;
  getTypeName(): string | null;
  getFileName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  isConstructor(): boolean;
  isToplevel(): boolean;
  isAsync(): boolean;
  isNative(): boolean;
  isPromiseAll(): boolean;
  getPromiseIndex(): number | null;
}

const framesOf = new WeakMap<object, readonly Frame[]>();
// While an error is described for the host, mapping is the host's own work, later.
let describing = false;

function nameOf(site: CallSite): string | null {
  if (site.isPromiseAll()) return `Promise.all (index ${site.getPromiseIndex()})`;
  const name = site.getFunctionName();
  if (site.isConstructor()) return `new ${name ?? "<anonymous>"}`;
  if (site.isToplevel() || site.isAsync() || name === null) return name;
  const type = site.getTypeName();
  return type === null || name.startsWith(type) || type === "Object" || type === "Module"
    ? name
    : `${type}.${name}`;
}

function frameOf(site: CallSite): Frame | null {
  const file = site.getFileName() ?? site.getScriptNameOrSourceURL();
  const line = site.getLineNumber();
  if (file === null || line === null || site.isNative()) return null;
  return { name: nameOf(site), file, line, column: site.getColumnNumber() ?? 1, async: site.isAsync() };
}

function headOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return safely(() => String(error), "");
  const name = safely(() => part((error as Error).name, "Error"), "Error");
  const message = safely(() => part((error as Error).message, ""), "");
  if (name === "" || message === "") return name + message;
  return `${name}: ${message}`;
}

const part = (value: unknown, otherwise: string) => (value === undefined ? otherwise : String(value));

// The user's getters may throw; that must not hide the error which is being told.
function safely<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function mappedLines(frames: readonly Frame[]): string {
  if (frames.length === 0) return "";
  try {
    return callHost("map_stack", JSON.stringify(frames));
  } catch {
    // While the snapshot is made there is no host: the raw places are the best there is.
    return frames
      .map(({ async, name, file, line, column }) => {
        return `    at ${async ? "async " : ""}${name ?? "<anonymous>"} (${file}:${line}:${column})\n`;
      })
      .join("");
  }
}

/** `Error.prepareStackTrace` of the realm: `error.stack` reads in terms of the user's own source (R §2.4). */
export function formatStack(error: object, sites: readonly CallSite[]): string {
  const frames = sites.map(frameOf).filter((frame) => frame !== null);
  framesOf.set(error, frames);
  if (describing) return headOf(error);
  const lines = mappedLines(frames);
  return lines === "" ? headOf(error) : `${headOf(error)}\n${lines.replace(/\n$/, "")}`;
}

export function rawStack(error: object): readonly Frame[] {
  if (!framesOf.has(error)) {
    const before = describing;
    describing = true;
    // Reading the property is what makes V8 format the stack, once.
    safely(() => (error as Error).stack, undefined);
    describing = before;
  }
  return framesOf.get(error) ?? [];
}

/** The mapped lines of an error's stack, without its head. */
export function stackLines(error: Error): string {
  return mappedLines(rawStack(error)).replace(/\n$/, "");
}

/** JSON text of an `ErrorDescription` for anything that was thrown. */
export function describeError(thrown: unknown): string {
  const isError = safely(
    () => typeof thrown === "object" && thrown !== null && (thrown instanceof Error || "stack" in thrown),
    false,
  );
  const description: ErrorDescription = {
    head: isError ? headOf(thrown) : safely(() => String(thrown), "[object Object]"),
    frames: isError ? rawStack(thrown as object) : [],
    ...convexData(thrown),
  };
  return JSON.stringify(description);
}

// R §1.1: the function's wrapper has left the encoded data and the symbol on the error.
function convexData(thrown: unknown): { data?: string } {
  if (typeof thrown !== "object" || thrown === null) return {};
  return safely(() => {
    const error = thrown as { ConvexErrorSymbol?: symbol; data?: unknown; [symbol: symbol]: unknown };
    const symbol = error.ConvexErrorSymbol;
    if (typeof symbol !== "symbol" || error[symbol] !== true || typeof error.data !== "string") return {};
    return { data: error.data };
  }, {});
}

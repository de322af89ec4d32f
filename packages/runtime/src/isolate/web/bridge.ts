/**
 * Inside the isolate: the only way out. Strings go out, strings come back.
 *
 * An answer's first character says what it is: `+` and a text, or `-` and the JSON of a fault.
 * Bytes travel as strings whose characters are 0–255.
 */
import { DOMException } from "./dom_exception.ts";

export type RealmMode = "import" | "query" | "mutation" | "action";

/** What the host puts into a context. `start` is absent where nothing asynchronous may happen. */
export interface BridgeFunctions {
  readonly call: (operation: string, payload: string) => string;
  readonly start?: (id: number, operation: string, payload: string) => void;
}

interface Pending {
  readonly operation: string;
  readonly resolve: (text: string) => void;
  readonly reject: (error: unknown) => void;
}

// Nothing of one call may be seen by the next: all of this is reset by `beginCall`.
let functions: BridgeFunctions | undefined;
let mode: RealmMode = "import";
let importClock = 0;
let nextId = 0;
let pending = new Map<number, Pending>();

export function connect(call: BridgeFunctions["call"], start?: BridgeFunctions["start"]): void {
  functions = start === undefined ? { call } : { call, start };
}

export function beginMode(next: RealmMode, clockAtImport: number): void {
  mode = next;
  importClock = clockAtImport;
  if (pending.size > 0) pending = new Map();
}

export function currentMode(): RealmMode {
  return mode;
}

/** Milliseconds since the epoch that modules see while they are evaluated (R §2.1). */
export function clockAtImport(): number {
  return importClock;
}

interface Fault {
  readonly name: string;
  readonly message: string;
  /** Is it a DOMException (`OperationError`, `DataError`…)? */
  readonly dom?: boolean;
  /** JSON of a ConvexError's data, in Convex encoding. */
  readonly data?: unknown;
}

function errorOf(text: string): unknown {
  const fault = JSON.parse(text) as Fault;
  if (fault.dom === true) return new DOMException(fault.message, fault.name);
  const constructors: Record<string, ErrorConstructor> = { TypeError, RangeError, SyntaxError };
  const error = new (constructors[fault.name] ?? Error)(fault.message);
  if (fault.data !== undefined) Object.defineProperty(error, "data", { value: fault.data, writable: true });
  return error;
}

/** Asks the host and waits. */
export function callHost(operation: string, payload: string): string {
  if (functions === undefined) throw new Error(`${operation} cannot be used while the realm is being built.`);
  const answer = functions.call(operation, payload);
  if (answer.charCodeAt(0) === 43) return answer.slice(1);
  throw errorOf(answer.slice(1));
}

/** Asks the host without blocking where it can answer later; elsewhere waits for its answer. */
export function askHost(operation: string, payload: string): Promise<string> {
  const start = functions?.start;
  if (mode !== "action" || start === undefined) {
    return new Promise((resolve) => resolve(callHost(operation, payload)));
  }
  return new Promise((resolve, reject) => {
    const id = nextId++;
    pending.set(id, { operation, resolve, reject });
    start(id, operation, payload);
  });
}

/** Tells the host something that has no answer. */
export function tellHost(operation: string, payload: string): void {
  if (functions?.start !== undefined) functions.start(-1, operation, payload);
  else callHost(operation, payload);
}

/** The host's answer to what `askHost` began. Answers that nobody waits for any more are dropped. */
export function settle(id: number, answer: string): void {
  const waiting = pending.get(id);
  if (waiting === undefined) return;
  pending.delete(id);
  if (answer.charCodeAt(0) === 43) waiting.resolve(answer.slice(1));
  else waiting.reject(errorOf(answer.slice(1)));
}

/** What was begun and has not been answered yet, by name. */
export function pendingOperations(): string[] {
  return [...pending.values()].map((one) => one.operation);
}

/** Forbids what only an action may do (R §2.1). */
export function requireAction(what: string): void {
  if (mode === "action") return;
  if (mode === "import") throw new Error(`Can't use ${what} at import time. Please move it into a function.`);
  throw new Error(
    `Can't use ${what} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
  );
}

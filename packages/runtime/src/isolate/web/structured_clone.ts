import { DOMException } from "./dom_exception.ts";

const errorNames = new Set([
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
]);

/** https://html.spec.whatwg.org/#structured-cloning, without transfer (R §2.2). */
export function structuredClone(...given: [value?: unknown, options?: unknown]): unknown {
  if (given.length === 0) throw new TypeError("structuredClone needs a value.");
  const [value, options] = given;
  if (options !== undefined) throw new Error("structuredClone with transfer not supported");
  return clone(value, new Map());
}

function uncloneable(value: unknown): DOMException {
  const name = typeof value === "function" ? `function ${value.name}` : String(value);
  return new DOMException(`${name} could not be cloned.`, "DataCloneError");
}

function clone(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "symbol" || typeof value === "function") throw uncloneable(value);
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const remember = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };

  if (Array.isArray(value)) {
    const copy: unknown[] = remember(new Array(value.length));
    for (const key of Object.keys(value)) define(copy, key, clone((value as never)[key], seen));
    return copy;
  }
  if (value instanceof Date) return remember(new Date(value.getTime()));
  if (value instanceof RegExp) return remember(new RegExp(value.source, value.flags));
  if (value instanceof Map) {
    const copy = remember(new Map());
    for (const [key, held] of [...value]) copy.set(clone(key, seen), clone(held, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set());
    for (const held of [...value]) copy.add(clone(held, seen));
    return copy;
  }
  if (value instanceof ArrayBuffer) return remember(value.slice(0));
  if (ArrayBuffer.isView(value)) return remember(cloneView(value, seen));
  if (value instanceof Error) return cloneError(value, seen, remember);
  // A Blob cannot be changed; and naming its class here would load it.
  if (/^\[object (?:Blob|File)\]$/.test(Object.prototype.toString.call(value))) return remember(value);
  if (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    value instanceof BigInt
  ) {
    return remember(Object(value.valueOf()));
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    throw uncloneable(value);

  const copy: Record<string, unknown> = remember({});
  for (const key of Object.keys(value)) define(copy, key, clone((value as never)[key], seen));
  return copy;
}

// An assignment could meet a setter (`__proto__`) or a frozen property of the prototype.
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function cloneView(view: ArrayBufferView, seen: Map<object, unknown>): unknown {
  const buffer = clone(view.buffer, seen) as ArrayBuffer;
  if (view instanceof DataView) return new DataView(buffer, view.byteOffset, view.byteLength);
  const typed = view as Uint8Array;
  const View = typed.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => unknown;
  return new View(buffer, typed.byteOffset, typed.length);
}

function cloneError(error: Error, seen: Map<object, unknown>, remember: <T>(copy: T) => T): Error {
  const prototype = errorNames.has(error.name)
    ? (globalThis as unknown as Record<string, ErrorConstructor>)[error.name]!.prototype
    : Error.prototype;
  const copy = remember(new Error());
  Object.setPrototypeOf(copy, prototype);
  const hidden = (key: string, value: unknown) =>
    Object.defineProperty(copy, key, { value, writable: true, configurable: true });
  if (Object.hasOwn(error, "message")) hidden("message", String(error.message));
  if (typeof error.stack === "string") hidden("stack", error.stack);
  if (Object.hasOwn(error, "cause")) hidden("cause", clone(error.cause, seen));
  return copy;
}

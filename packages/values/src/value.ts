import type { CommitTsPlaceholder } from "./commit_ts.ts";

/**
 * A value that functions take, return and store (P §4.1).
 *
 * `bigint` is an int64, `number` a float64, `ArrayBuffer` bytes. Object fields that are `undefined`
 * are absent fields. The placeholder of a commit timestamp occurs only inside a mutation.
 */
export type Value =
  | null
  | bigint
  | number
  | boolean
  | string
  | ArrayBuffer
  | CommitTsPlaceholder
  | Value[]
  | { [key: string]: undefined | Value };

/** The two kinds of numbers: int64 (`bigint`) and float64 (`number`). */
export type NumericValue = bigint | number;

/** Anything `JSON.parse` can answer. */
export type JSONValue = null | boolean | number | string | JSONValue[] | { [key: string]: JSONValue };

/**
 * The id of a document of one table: a plain string at run time (P §4.3), branded with its table at
 * compile time.
 */
export type GenericId<TableName extends string> = string & { __tableName: TableName };

/** Smallest int64. */
export const MIN_INT64 = -9223372036854775808n;
/** Largest int64. */
export const MAX_INT64 = 9223372036854775807n;

/** Most elements an array may have (P §4.2). */
export const MAX_ARRAY_LENGTH = 8192;
/** Most fields an object may have (P §4.2). */
export const MAX_OBJECT_FIELDS = 1024;
/** Longest field name, in bytes (P §4.2). */
export const MAX_FIELD_NAME_LENGTH = 1024;
/** Deepest nesting of a value; a scalar has 0 and `[]` has 1 (P §4.2). */
export const MAX_VALUE_NESTING = 64;
/** Deepest nesting of a document (P §4.2). */
export const MAX_DOCUMENT_NESTING = 16;
/** Largest value, in bytes as `valueSize` counts them: 32 MiB (P §4.2). */
export const MAX_VALUE_SIZE = 32 * 1024 * 1024;
/** Largest document with its system fields, in bytes as `valueSize` counts them: 1 MiB (P §4.2). */
export const MAX_DOCUMENT_SIZE = 1024 * 1024;
/** Longest identifier (table, index, function names), in characters (P §4.2). */
export const MAX_IDENTIFIER_LENGTH = 64;

/**
 * Whether `value` is a plain object: made by a literal, by `JSON.parse`, without a prototype, or by
 * the `Object` of another realm. Class instances are not.
 */
export function isSimpleObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: { constructor?: { name?: unknown } } | null = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || prototype.constructor?.name === "Object";
}

/**
 * Sets an own field even when its name is `__proto__`, which plain assignment would take as the
 * prototype.
 */
export function setField<T>(target: Record<string, T>, name: string, value: T): void {
  if (name in target) {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

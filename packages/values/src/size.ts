import { isCommitTsPlaceholder } from "./commit_ts.ts";
import { stringifyValueForError } from "./stringify.ts";
import { utf8ByteLength } from "./utf8.ts";
import { isSimpleObject, type Value } from "./value.ts";

/** Bytes that an `_id` field adds to a document that has none yet: the shortest id (P §4.2). */
const ID_FIELD_SIZE = 38;
/** Bytes that a `_creationTime` field adds to a document that has none yet (P §4.2). */
const CREATION_TIME_FIELD_SIZE = 23;

/**
 * Size of a value in bytes, as limits and usage count it (P §4.2). A missing value has size 0.
 * Throws for what is no value.
 */
export function valueSize(value: Value | undefined): number {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 1;
    case "number":
    case "bigint":
      return 9;
    case "string":
      return 2 + utf8ByteLength(value);
    default:
      break;
  }
  if (value === null) return 1;
  if (Array.isArray(value)) {
    let size = 2;
    for (let i = 0; i < value.length; i++) size += valueSize(value[i]);
    return size;
  }
  if (value instanceof ArrayBuffer) return 2 + value.byteLength;
  if (isCommitTsPlaceholder(value)) return 9;
  if (!isSimpleObject(value)) {
    throw new Error(`${stringifyValueForError(value)} cannot be a Convex value, so it has no size.`);
  }
  let size = 2;
  for (const name of Object.keys(value)) {
    const field = value[name] as Value | undefined;
    if (field !== undefined) size += utf8ByteLength(name) + 1 + valueSize(field);
  }
  return size;
}

/**
 * Size of a document in bytes including its system fields; where `_id` or `_creationTime` is not there
 * yet, the size they are going to have is added (P §4.2).
 */
export function documentSize(
  document: { [key: string]: Value | undefined },
  options?: { customIdLength?: number },
): number {
  let size = valueSize(document);
  if (document._id === undefined) {
    size += options?.customIdLength ? options.customIdLength + 6 : ID_FIELD_SIZE;
  }
  if (document._creationTime === undefined) size += CREATION_TIME_FIELD_SIZE;
  return size;
}

/** How deep a value is nested: scalars 0, `[]` and `{}` 1 (P §4.2). */
export function nesting(value: Value | undefined): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  if (Array.isArray(value)) {
    for (const element of value) deepest = Math.max(deepest, nesting(element));
    return deepest + 1;
  }
  if (value instanceof ArrayBuffer || isCommitTsPlaceholder(value)) return 0;
  for (const name of Object.keys(value)) {
    deepest = Math.max(deepest, nesting(value[name] as Value | undefined));
  }
  return deepest + 1;
}

/** {@link valueSize} under its public name. */
export const getConvexSize: typeof valueSize = valueSize;
/** {@link documentSize} under its public name. */
export const getDocumentSize: typeof documentSize = documentSize;

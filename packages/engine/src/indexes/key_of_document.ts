import { encodeIndexKey, type IndexKey, type JSONValue, jsonToConvex, type Value } from "@tandem/values";
import type { IndexInfo } from "../tables/catalog.ts";

/** The value at a path, or `undefined` when a part of it is missing or no object (R §3.3). */
export function valueAtPath(
  document: { [field: string]: Value | undefined },
  path: readonly string[],
): Value | undefined {
  let value: Value | undefined = document;
  for (let i = 0; i < path.length; i++) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof ArrayBuffer) {
      return undefined;
    }
    const name = path[i]!;
    value = Object.hasOwn(value, name) ? (value as { [field: string]: Value | undefined })[name] : undefined;
  }
  return value;
}

/**
 * Key of a document in an index: its declared fields, then `tail`, which is the same for all indexes of the
 * document (see {@link keyTail}).
 */
export function keyOfDocument(
  index: IndexInfo,
  document: { [field: string]: Value | undefined },
  tail: IndexKey,
): IndexKey {
  const { paths } = index;
  if (paths.length === 0) return tail;
  if (paths.length === 1) return encodeIndexKey([valueAtPath(document, paths[0]!)]) + tail;
  const values: (Value | undefined)[] = new Array(paths.length);
  for (let i = 0; i < paths.length; i++) values[i] = valueAtPath(document, paths[i]!);
  return encodeIndexKey(values) + tail;
}

/** {@link keyOfDocument} of a stored document's parsed JSON: decodes only the fields of the index. */
export function keyOfStored(
  index: IndexInfo,
  json: { [field: string]: JSONValue },
  tail: IndexKey,
): IndexKey {
  const { paths } = index;
  if (paths.length === 0) return tail;
  const values: (Value | undefined)[] = new Array(paths.length);
  for (let i = 0; i < paths.length; i++) values[i] = storedValueAtPath(json, paths[i]!);
  return encodeIndexKey(values) + tail;
}

function storedValueAtPath(json: { [field: string]: JSONValue }, path: readonly string[]): Value | undefined {
  let value: JSONValue | undefined = json;
  for (let i = 0; i < path.length; i++) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const name = path[i]!;
    value = Object.hasOwn(value, name) ? (value as { [field: string]: JSONValue })[name] : undefined;
  }
  return value === undefined ? undefined : jsonToConvex(value);
}

/**
 * End of every stored key of a document: `_creationTime`, then `_id`, whose key `idKey` is. Alone it is the
 * `by_creation_time` key.
 */
export function keyTail(creationTime: number, idKey: IndexKey): IndexKey {
  return encodeIndexKey([creationTime]) + idKey;
}

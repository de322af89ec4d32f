import {
  checkDocumentFieldName,
  convexToJson,
  fieldNameFault,
  isCommitTsPlaceholder,
  MAX_ARRAY_LENGTH,
  MAX_DOCUMENT_NESTING,
  MAX_DOCUMENT_SIZE,
  MAX_OBJECT_FIELDS,
  NameError,
  utf8ByteLength,
  type Value,
  valueSize,
} from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import type { StoredDocument } from "../log/commit.ts";
import type { DocumentFields } from "./database.ts";

/** Bytes of `_creationTime` with its value, and of `_id` without it (P §4.2). */
const CREATION_TIME_SIZE = 13 + 1 + 9;
const ID_FIELD_SIZE = 3 + 1 + 2;

/**
 * Makes the stored form of a document: its text with the system fields in front and the others sorted, and its
 * size. Checks field names and the limits of P §4.2 on the way, in one pass: every write comes through here.
 *
 * `own` are its fields without the system's.
 */
export function toStoredDocument(id: string, creationTime: number, own: DocumentFields): StoredDocument {
  let json = `{"_creationTime":${creationTime},"_id":"${id}"`;
  let size = 2 + CREATION_TIME_SIZE + ID_FIELD_SIZE + id.length;
  const names = sortedNames(own);
  if (names.length > MAX_OBJECT_FIELDS) throw tooManyFields(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const value = own[name];
    if (value === undefined) continue;
    size += name.length + 1;
    json += fieldStart(name);
    if (typeof value === "string" && value.isWellFormed()) {
      json += JSON.stringify(value);
      size += 2 + utf8ByteLength(value);
    } else if (typeof value === "number" && value - value === 0 && value !== 0) {
      json += value;
      size += 9;
    } else if (typeof value === "boolean") {
      json += value;
      size += 1;
    } else {
      checkDepth(value, 2);
      json += JSON.stringify(convexToJson(value));
      size += valueSize(value);
    }
  }
  if (size > MAX_DOCUMENT_SIZE) {
    throw new DatabaseError(
      "ValueTooLargeError",
      `Value is too large (${size} > maximum size ${MAX_DOCUMENT_SIZE}): a document can have up to 1 MiB. Split it, or keep large content in file storage.`,
    );
  }
  return { id, json: `${json}}`, size };
}

/** The text before a field's value, by its name: apps have few names, and write them all the time. */
const fieldStarts = new Map<string, string>();
const MOST_FIELD_STARTS = 2000;

function fieldStart(name: string): string {
  const known = fieldStarts.get(name);
  if (known !== undefined) return known;
  const fault = fieldNameFault(name);
  if (fault !== null) throw new NameError("InvalidFieldName", fault);
  if (name.charCodeAt(0) === 95) checkDocumentFieldName(name);
  const start = `,${JSON.stringify(name)}:`;
  if (fieldStarts.size >= MOST_FIELD_STARTS) fieldStarts.clear();
  fieldStarts.set(name, start);
  return start;
}

function sortedNames(own: DocumentFields): string[] {
  const names = Object.keys(own);
  for (let i = 1; i < names.length; i++) if (names[i]! < names[i - 1]!) return names.sort();
  return names;
}

/** Checks nesting, array lengths and numbers of fields; `depth` is that of the value itself if it has any. */
function checkDepth(value: Value | undefined, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof ArrayBuffer) return;
  if (isCommitTsPlaceholder(value)) {
    throw new DatabaseError(
      "InvalidDocumentError",
      "db.vars.commitTs cannot be stored: this version of the database does not resolve it yet. Store Date.now() instead, or read _creationTime.",
    );
  }
  if (depth > MAX_DOCUMENT_NESTING) {
    throw new DatabaseError(
      "InvalidDocumentError",
      `The document is nested more than ${MAX_DOCUMENT_NESTING} levels deep, which is the most a document can have. Flatten it, or split it into several.`,
    );
  }
  if (Array.isArray(value)) {
    if (value.length > MAX_ARRAY_LENGTH) {
      throw new DatabaseError(
        "ArrayTooLong",
        `Array length is too long (${value.length} > maximum length ${MAX_ARRAY_LENGTH}). Keep the elements as documents of their own.`,
      );
    }
    for (let i = 0; i < value.length; i++) checkDepth(value[i], depth + 1);
    return;
  }
  let fields = 0;
  for (const name of Object.keys(value)) {
    if (value[name] === undefined) continue;
    fields++;
    checkDepth(value[name], depth + 1);
  }
  if (fields > MAX_OBJECT_FIELDS) throw tooManyFields(fields);
}

function tooManyFields(count: number): DatabaseError {
  return new DatabaseError(
    "TooManyFieldsError",
    `Object has too many fields (${count} > maximum number ${MAX_OBJECT_FIELDS}). Use an array, or documents of their own.`,
  );
}

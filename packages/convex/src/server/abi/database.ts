import {
  commitTsPlaceholder,
  convexToJson,
  type JSONValue,
  parsedToConvex,
  patchValueToJson,
  type Value,
} from "@tandem/values";
import { requireArgument } from "./check_argument.ts";
import { TableQuery } from "./database_query.ts";
import { answeredSyscall, syscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

// `ctx.db` is made anew for every call, from functions that are made once and hold no state. They do not use `this`, so
// that code may take them out of the object, spread it, or put its own in their place.

type Fields = { [field: string]: Value | undefined };

const readDocument = (text: string): Value =>
  text === "null" ? null : parsedToConvex(JSON.parse(text) as JSONValue);
const readId = (text: string): string => (JSON.parse(text) as { _id: string })._id;
const readNothing = (_: string): void => undefined;

// Not `async`, and without functions of their own: these are called more than anything else here.

function getFrom(table: string | undefined, id: unknown, isSystem: boolean): Promise<Value> {
  try {
    requireArgument(id, table === undefined ? 1 : 2, "get", "id");
    if (typeof id !== "string") {
      throw new Error(
        `\`db.get\` needs the id of a document, a string, but got a value of type ${typeof id}.`,
      );
    }
    return answeredSyscall("1.0/get", { id, isSystem, version: abiVersion, table }, readDocument);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

/** @throws Error unless the table's name has the underscore of system tables exactly when it should. */
function requireKind(tableName: string, isSystem: boolean, method: string): void {
  if (tableName.startsWith("_") === isSystem) return;
  throw new Error(
    isSystem
      ? `"${tableName}" is a table of this app. Use \`db.${method}\`.`
      : `"${tableName}" is a table of the system. Use \`db.system.${method}\`.`,
  );
}

function queryOf(tableName: string, isSystem: boolean): TableQuery {
  requireKind(tableName, isSystem, "query");
  return new TableQuery(tableName);
}

function normalize(table: string, id: string, isSystem: boolean): string | null {
  requireArgument(table, 1, "normalizeId", "tableName");
  requireArgument(id, 2, "normalizeId", "id");
  requireKind(table, isSystem, "normalizeId");
  return (syscall("1.0/db/normalizeId", { table, idString: id }) as { id: string | null }).id;
}

function insertInto(table: string, value: Fields): Promise<string> {
  try {
    requireArgument(table, 1, "insert", "table");
    if (table.startsWith("_")) {
      throw new Error(`"${table}" is a table of the system, and those can only be read.`);
    }
    requireArgument(value, 2, "insert", "value");
    return answeredSyscall("1.0/insert", { table, value: convexToJson(value) }, readId);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

function patchIn(table: string | undefined, id: string, value: Fields): Promise<void> {
  try {
    requireArgument(id, table === undefined ? 1 : 2, "patch", "id");
    requireArgument(value, table === undefined ? 2 : 3, "patch", "value");
    const args = { id: convexToJson(id), value: patchValueToJson(value), table };
    return answeredSyscall("1.0/shallowMerge", args, readNothing);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

function replaceIn(table: string | undefined, id: string, value: Fields): Promise<void> {
  try {
    requireArgument(id, table === undefined ? 1 : 2, "replace", "id");
    requireArgument(value, table === undefined ? 2 : 3, "replace", "value");
    const args = { id: convexToJson(id), value: convexToJson(value), table };
    return answeredSyscall("1.0/replace", args, readNothing);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

function removeFrom(table: string | undefined, id: string): Promise<void> {
  try {
    requireArgument(id, table === undefined ? 1 : 2, "delete", "id");
    return answeredSyscall("1.0/remove", { id: convexToJson(id), table }, readNothing);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

// The table may stand before the id or be left out: the number of arguments that are there says which it is.
const get = (first: string, second?: string) =>
  second === undefined ? getFrom(undefined, first, false) : getFrom(first, second, false);
const getSystem = (first: string, second?: string) =>
  second === undefined ? getFrom(undefined, first, true) : getFrom(first, second, true);
const patch = (first: string, second: string | Fields, third?: Fields) =>
  third === undefined ? patchIn(undefined, first, second as Fields) : patchIn(first, second as string, third);
const replace = (first: string, second: string | Fields, third?: Fields) =>
  third === undefined
    ? replaceIn(undefined, first, second as Fields)
    : replaceIn(first, second as string, third);
const remove = (first: string, second?: string) =>
  second === undefined ? removeFrom(undefined, first) : removeFrom(first, second);
const query = (table: string) => queryOf(table, false);
const querySystem = (table: string) => queryOf(table, true);
const normalizeId = (table: string, id: string) => normalize(table, id, false);
const normalizeSystemId = (table: string, id: string) => normalize(table, id, true);

const tableReader = (table: string, isSystem: boolean) => ({
  get: (id: string) => getFrom(table, id, isSystem),
  query: () => queryOf(table, isSystem),
});
const readerOf = (table: string) => tableReader(table, false);
const systemReaderOf = (table: string) => tableReader(table, true);
const writerOf = (table: string) => ({
  ...tableReader(table, false),
  insert: (value: Fields) => insertInto(table, value),
  patch: (id: string, value: Fields) => patchIn(table, id, value),
  replace: (id: string, value: Fields) => replaceIn(table, id, value),
  delete: (id: string) => removeFrom(table, id),
});

const systemReader = () => ({
  get: getSystem,
  query: querySystem,
  normalizeId: normalizeSystemId,
  table: systemReaderOf,
});

/** `ctx.db` of queries. */
export const databaseReader = () => ({ get, query, normalizeId, table: readerOf, system: systemReader() });

/** `ctx.db` of mutations. */
export const databaseWriter = () => ({
  get,
  query,
  normalizeId,
  table: writerOf,
  system: systemReader(),
  insert: insertInto,
  patch,
  replace,
  delete: remove,
  vars: { commitTs: commitTsPlaceholder },
});

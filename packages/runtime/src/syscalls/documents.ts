import { andThen, type StoredDocument, type TableInfo } from "@tandem/engine";
import { type JSONValue, parsedToConvex, parsedToPatchValue, tableNumberOf } from "@tandem/values";
import type { AsyncSyscall, CallScope, SyncSyscall, SyscallArgs } from "./call_scope.ts";
import { invalidArgument, SyscallError } from "./syscall_error.ts";

function textArgument(args: SyscallArgs, name: string, api: string): string {
  const value = args[name];
  if (typeof value !== "string")
    throw invalidArgument(name, api, `it must be a string, not ${JSON.stringify(value)}`);
  return value;
}

/**
 * Checks that an id is one, and of the table that the call names, if it names one. Answers the table that it is
 * of, or `null` when there is none.
 */
function tableOfId(scope: CallScope, args: SyscallArgs, id: string, api: string): TableInfo | null {
  const number = tableNumberOf(id);
  if (number === null) throw invalidArgument("id", api, `Invalid ID "${id}"`);
  const found = scope.tx.catalog.tableByNumber(scope.tx.namespace, number);
  const { table } = args;
  if (typeof table === "string" && found !== null && found.name !== table) {
    throw invalidArgument("id", api, `expected to be an Id<"${table}">, got Id<"${found.name}"> instead.`);
  }
  return found;
}

function checkId(scope: CallScope, args: SyscallArgs, api: string): string {
  const id = textArgument(args, "id", api);
  tableOfId(scope, args, id, api);
  return id;
}

const textOf = (document: StoredDocument | null): string => document?.json ?? "null";

export const get: AsyncSyscall = (scope, args) => {
  const isSystem = args.isSystem === true;
  const api = isSystem ? "db.system.get" : "db.get";
  const id = textArgument(args, "id", api);
  const table = tableOfId(scope, args, id, api);
  if (table !== null) checkSystem(table.name, isSystem, "get");
  const found = scope.tx.get(id);
  return found instanceof Promise ? found.then(textOf) : textOf(found);
};

/** `db` reads the app's tables, `db.system` the system's. */
export function checkSystem(table: string, isSystem: boolean, method: string): void {
  if ((table.charCodeAt(0) === 95) === isSystem) return;
  throw isSystem
    ? new SyscallError(
        "SystemTableError",
        `System tables can be read with db.system.${method}; "${table}" is not one: use db.${method}.`,
      )
    : new SyscallError(
        "SystemTableError",
        `"${table}" is a system table: use db.system.${method} instead of db.${method}.`,
      );
}

function requireWriter(scope: CallScope, api: string): void {
  if (scope.kind === "mutation") return;
  throw new SyscallError(
    "ReadOnlyTransaction",
    `${api} can only be used in mutations: queries read the database but do not write to it.`,
  );
}

function fieldsOf(value: JSONValue | undefined, api: string): { [field: string]: JSONValue } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgument("value", api, `Value must be an Object, but it is ${JSON.stringify(value)}`);
  }
  return value;
}

export const insert: AsyncSyscall = (scope, args) => {
  requireWriter(scope, "db.insert");
  const table = textArgument(args, "table", "db.insert");
  const value = parsedToConvex(fieldsOf(args.value, "db.insert")) as { [field: string]: never };
  return andThen(scope.tx.insert(table, value), (id) => `{"_id":"${id}"}`);
};

/** `patch`, `replace` and `delete` answer nothing to their callers: neither is anything sent to the isolate. */
const NOTHING = "null";

export const shallowMerge: AsyncSyscall = (scope, args) => {
  requireWriter(scope, "db.patch");
  const id = checkId(scope, args, "db.patch");
  const value = parsedToPatchValue(fieldsOf(args.value, "db.patch"));
  return andThen(scope.tx.patch(id, value), () => NOTHING);
};

export const replace: AsyncSyscall = (scope, args) => {
  requireWriter(scope, "db.replace");
  const id = checkId(scope, args, "db.replace");
  const value = parsedToConvex(fieldsOf(args.value, "db.replace")) as { [field: string]: never };
  return andThen(scope.tx.replace(id, value), () => NOTHING);
};

export const remove: AsyncSyscall = (scope, args) => {
  requireWriter(scope, "db.delete");
  const id = checkId(scope, args, "db.delete");
  return andThen(scope.tx.remove(id), () => NOTHING);
};

export const normalizeId: SyncSyscall = (scope, args) => {
  const table = textArgument(args, "table", "db.normalizeId");
  const id = textArgument(args, "idString", "db.normalizeId");
  const number = tableNumberOf(id);
  const found = scope.tx.catalog.table(scope.tx.namespace, table);
  return JSON.stringify({ id: number !== null && found?.number === number ? id : null });
};

export const count: AsyncSyscall = (scope, args) => {
  const table = textArgument(args, "table", "query.count");
  return andThen(
    scope.tx.scan(table, "by_creation_time", { start: "", end: null }, "asc", Number.MAX_SAFE_INTEGER),
    (rows) => String(rows.length),
  );
};

import type { KeyRange, ScanOrder, Transaction } from "@tandem/engine";
import {
  encodeIndexKey,
  type JSONValue,
  jsonToConvexOrUndefined,
  prefixEnd,
  type Value,
} from "@tandem/values";
import { compileFilter } from "./filter.ts";
import { SyscallError } from "./syscall_error.ts";

/** A query as the function asked it, made ready to be run (R §1.7). */
export interface PlannedQuery {
  readonly table: string;
  readonly index: string;
  readonly range: KeyRange;
  readonly order: ScanOrder;
  readonly operators: readonly PlannedOperator[];
  /** Equal for equal questions: cursors belong to one. */
  readonly fingerprint: string;
}

export type PlannedOperator =
  | { readonly kind: "filter"; readonly keep: (document: JSONValue) => boolean }
  | { readonly kind: "limit"; readonly limit: number };

type Json = { readonly [name: string]: JSONValue };

const MAX_OPERATORS = 256;

export function planQuery(tx: Transaction, json: JSONValue | undefined): PlannedQuery {
  const query = json as Json;
  const source = query.source as Json;
  const operators = (query.operators as Json[]) ?? [];
  if (operators.length > MAX_OPERATORS) {
    throw new SyscallError(
      "TooManyOperators",
      `A query has ${operators.length} operators; ${MAX_OPERATORS} are allowed.`,
    );
  }
  const planned = operators.map(planOperator);
  const order: ScanOrder = source.order === "desc" ? "desc" : "asc";
  switch (source.type) {
    case "FullTableScan": {
      const table = String(source.tableName);
      const fingerprint = JSON.stringify([json, ["_creationTime"]]);
      return { table, index: "by_creation_time", range: EVERYTHING, order, operators: planned, fingerprint };
    }
    case "IndexRange": {
      const [table, index] = splitName(String(source.indexName));
      const fields = indexFields(tx, table, index);
      const range =
        fields === null ? EVERYTHING : rangeOf(`${table}.${index}`, fields, source.range as Json[]);
      return {
        table,
        index,
        range,
        order,
        operators: planned,
        fingerprint: JSON.stringify([json, fields ?? []]),
      };
    }
    case "Search":
      throw new SyscallError(
        "SearchNotSupported",
        `Search indexes cannot be queried on this server yet (${String(source.indexName)}).`,
      );
    default:
      throw new SyscallError("InvalidArgument", `Unknown query source ${JSON.stringify(source.type)}.`);
  }
}

const EVERYTHING: KeyRange = { start: "", end: null };

function splitName(name: string): [string, string] {
  const dot = name.indexOf(".");
  if (dot === -1)
    throw new SyscallError("InvalidIndexName", `"${name}" is no index: it must be named "table.index".`);
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** The index's fields, all of them; `null` when there is no such table. */
function indexFields(tx: Transaction, table: string, index: string): readonly string[] | null {
  if (index === "by_id") return ["_id"];
  if (index === "by_creation_time") return ["_creationTime", "_id"];
  if (tx.catalog.table(tx.namespace, table) === null) return null;
  const info = tx.catalog.index(tx.namespace, table, index);
  // The scan itself tells what is wrong with the index; the range does not matter then.
  return info === null ? null : [...info.fields, "_id"];
}

function planOperator(operator: Json): PlannedOperator {
  if ("filter" in operator) return { kind: "filter", keep: compileFilter(operator.filter!) };
  const { limit } = operator;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 0) {
    throw new SyscallError(
      "InvalidArgument",
      `A query's limit must be a non-negative integer, but it is ${JSON.stringify(limit)}.`,
    );
  }
  return { kind: "limit", limit };
}

type Bound = { readonly fieldPath: string; readonly value: Value | undefined; readonly inclusive: boolean };

/** Equalities on the first fields, then bounds on the next one (R §1.7). */
function rangeOf(name: string, fields: readonly string[], steps: readonly Json[]): KeyRange {
  const equal: (Value | undefined)[] = [];
  let lower: Bound | null = null;
  let upper: Bound | null = null;
  for (const step of steps) {
    const fieldPath = String(step.fieldPath);
    const value = jsonToConvexOrUndefined(step.value ?? null);
    if (!fields.includes(fieldPath)) {
      throw new SyscallError(
        "FieldNotInIndex",
        `The index range includes a comparison with "${fieldPath}", but the index ${name} only has the fields ${JSON.stringify(fields)}. For more information see https://docs.convex.dev/using/indexes.`,
      );
    }
    if (step.type === "Eq") {
      if (lower !== null || upper !== null || fields[equal.length] !== fieldPath)
        throw outOfOrder(name, fields);
      equal.push(value);
      continue;
    }
    const bound = { fieldPath, value, inclusive: step.type === "Gte" || step.type === "Lte" };
    const isLower = step.type === "Gt" || step.type === "Gte";
    if ((isLower ? lower : upper) !== null) {
      throw new SyscallError(
        "AlreadyDefinedBound",
        `The ${isLower ? "lower" : "upper"} bound of the field "${fieldPath}" in a range of the index ${name} is defined already.`,
      );
    }
    const other: Bound | null = isLower ? upper : lower;
    if (other !== null && other.fieldPath !== fieldPath) {
      throw new SyscallError(
        "BoundsOnMultipleFields",
        `A range of the index ${name} has a lower and an upper bound on different fields ("${other.fieldPath}" and "${fieldPath}"); they must be on the same one.`,
      );
    }
    if (isLower) lower = bound;
    else upper = bound;
  }
  const bounded = lower ?? upper;
  if (bounded !== null && fields[equal.length] !== bounded.fieldPath) throw outOfOrder(name, fields);
  const prefix = encodeIndexKey(equal);
  const start =
    lower === null
      ? prefix
      : lower.inclusive
        ? prefix + encodeIndexKey([lower.value])
        : (prefixEnd(prefix + encodeIndexKey([lower.value])) ?? NOTHING_ABOVE);
  const end =
    upper === null
      ? prefixEnd(prefix)
      : upper.inclusive
        ? prefixEnd(prefix + encodeIndexKey([upper.value]))
        : prefix + encodeIndexKey([upper.value]);
  return { start, end };
}

/** Above every key: keys start with tags below FF. */
const NOTHING_ABOVE = "\xff";

function outOfOrder(name: string, fields: readonly string[]): SyscallError {
  return new SyscallError(
    "InvalidIndexRange",
    `The index range didn't use the index fields in order. ${name} has the fields ${JSON.stringify(fields)}: compare the first ones with eq, then at most bound the next one. For more information see https://docs.convex.dev/using/indexes.`,
  );
}

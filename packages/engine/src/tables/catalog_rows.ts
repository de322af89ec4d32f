import type { IndexId, TableId } from "../log/commit.ts";
import type { IndexState, Namespace, TableSchema } from "./catalog.ts";
import { FIRST_INDEX_ID, FIRST_TABLE_ID } from "./system_tables.ts";

/**
 * Row `head` of `_catalog`: the counters that make numbers unique, and a generation that every change raises,
 * so that one read tells whether a catalog is still the newest.
 */
export interface CatalogHead {
  readonly generation: number;
  readonly nextTableId: TableId;
  readonly nextIndexId: IndexId;
  /** The next table number of the app and of the system, by namespace. */
  readonly numbers: { readonly [namespace: Namespace]: { readonly app: number; readonly system: number } };
}

export const HEAD_ROW = "head";

export const EMPTY_HEAD: CatalogHead = {
  generation: 0,
  nextTableId: FIRST_TABLE_ID,
  nextIndexId: FIRST_INDEX_ID,
  numbers: {},
};

/** A row of `_tables`, under {@link tableRowId}. */
export interface TableRow {
  readonly id: TableId;
  readonly namespace: Namespace;
  readonly name: string;
  readonly number: number;
  readonly byId: IndexId;
  readonly byCreationTime: IndexId;
}

/** A row of `_indexes`, under {@link indexRowId}. */
export interface IndexDefinitionRow {
  readonly id: IndexId;
  readonly tableId: TableId;
  readonly name: string;
  /** As declared, without `_creationTime`. */
  readonly fields: readonly string[];
  readonly state: IndexState;
  readonly staged: boolean;
}

/** What `setSchema` and `setPendingSchema` take. */
export interface SchemaDefinition {
  readonly tables: readonly TableSchema[];
  /** False for `schemaValidation: false` (R §3.1): indexes apply, documents are not checked. */
  readonly enforced: boolean;
}

/** R §3.1: `pending → validated`, or `failed`. A schema that became active is no longer pending. */
export type PendingSchemaState =
  | { readonly kind: "pending" }
  | { readonly kind: "validated" }
  | { readonly kind: "failed"; readonly error: string; readonly tableName: string | null };

/** A schema on its way: documents written meanwhile are checked against it, but not refused. */
export interface PendingSchema extends SchemaDefinition {
  /** The pusher's own name for it. */
  readonly id: string;
  readonly state: PendingSchemaState;
}

/** The row that `_functions` has. */
export const FUNCTIONS_ROW = "version";

export function tableRowId(namespace: Namespace, name: string): string {
  return `${namespace}:${name}`;
}

export function indexRowId(tableId: TableId, name: string): string {
  return `${tableId}:${name}`;
}

export function activeSchemaRowId(namespace: Namespace): string {
  return `${namespace}:active`;
}

export function pendingSchemaRowId(namespace: Namespace): string {
  return `${namespace}:pending`;
}

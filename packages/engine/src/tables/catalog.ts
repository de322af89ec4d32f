import type { IndexKey, ValidatorJSON } from "@tandem/values";
import type { IndexId, TableId } from "../log/commit.ts";
import type { Timestamp } from "../timestamp.ts";
import type { PendingSchema, SchemaDefinition } from "./catalog_rows.ts";

/** A component's tables live apart from the app's; the app's own namespace is the empty string. */
export type Namespace = string;

export interface TableInfo {
  readonly id: TableId;
  readonly namespace: Namespace;
  readonly name: string;
  /** The number inside document ids (P §4.3): from 10001 on for the app's tables. */
  readonly number: number;
  readonly byId: IndexId;
  readonly byCreationTime: IndexId;
  /** All indexes that a write has to keep, `by_creation_time` included, `by_id` (which is not stored) left out. */
  readonly indexes: readonly IndexInfo[];
  /** Key of the table's row in `_tables`: who reads the table reads this too, and hears when it is dropped. */
  readonly existence: IndexKey;
}

/** `backfilling` is written but not read; `ready` waits for the push that enables it; `enabled` is read. */
export type IndexState = "backfilling" | "ready" | "enabled";

export interface IndexInfo {
  readonly id: IndexId;
  readonly tableId: TableId;
  readonly name: string;
  /** Dotted paths as declared, then `_creationTime`; `_id` follows implicitly as the last part of every key. */
  readonly fields: readonly string[];
  /** The declared fields' paths, taken apart; `_creationTime` left out. */
  readonly paths: readonly (readonly string[])[];
  readonly state: IndexState;
  readonly staged: boolean;
}

/** The schema's word on one table's documents. */
export interface TableSchema {
  readonly table: string;
  readonly documentType: ValidatorJSON | null;
}

/**
 * Tables, indexes and the enforced schema of one moment: immutable. It changes by commits like any data does,
 * and a transaction that began under an older one starts again.
 */
export interface Catalog {
  /** The commit that made it. */
  readonly ts: Timestamp;
  /** Opaque to the engine: which set of functions is live (the backend's push switches it). */
  readonly functionsVersion: string | null;
  table(namespace: Namespace, name: string): TableInfo | null;
  tableByNumber(namespace: Namespace, number: number): TableInfo | null;
  tableById(id: TableId): TableInfo | null;
  index(namespace: Namespace, table: string, index: string): IndexInfo | null;
  /** The app's tables by name, system tables left out. */
  tables(namespace: Namespace): readonly TableInfo[];
  /** Fault of a document's fields against the enforced schema, or `null`. */
  validate(namespace: Namespace, table: string, fields: object): string | null;
  indexById(id: IndexId): IndexInfo | null;
  /** The name of the table that an index belongs to, plain tables and `by_id` included, or `null`. */
  tableNameOfIndex(id: IndexId): string | null;
  /** System tables (with documents, names starting with `_`) of the namespace. */
  systemTables(namespace: Namespace): readonly TableInfo[];
  /** Every namespace that has a table or a schema. */
  namespaces(): readonly Namespace[];
  /** The schema in force, or `null` when none was ever pushed. */
  schema(namespace: Namespace): SchemaDefinition | null;
  /** The schema on its way, or `null`. */
  pendingSchema(namespace: Namespace): PendingSchema | null;
  /** Fault of a document's fields against the schema on its way, or `null`. */
  pendingFault(namespace: Namespace, table: string, fields: object): string | null;
}

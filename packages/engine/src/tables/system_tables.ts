import { DatabaseError } from "../errors.ts";
import type { IndexId, TableId } from "../log/commit.ts";

/**
 * The plain system tables: rows with string ids of their own, JSON text, read by id only. A table's number
 * is fixed for ever, because stores hold it; new ones take the next number. The index of a plain table's ids
 * has the table's own number.
 */
export const PLAIN_TABLES = {
  _catalog: 1,
  _tables: 2,
  _indexes: 3,
  _schemas: 4,
  _functions: 5,
  _environment_variables: 6,
  _auth: 7,
  _modules: 8,
  _session_requests: 9,
  _pushes: 10,
  _settings: 11,
  _crons: 12,
  _cron_runs: 13,
  _scheduled_jobs: 14,
  _files: 15,
  _uploads: 16,
  _components: 17,
  _function_handles: 18,
  _deployment_audit_log: 19,
  _exports: 20,
  _imports: 21,
  _identity: 22,
  _keys: 23,
  _schema_walks: 24,
} as const satisfies Record<string, TableId>;

export type PlainTableName = keyof typeof PLAIN_TABLES;

/** Plain tables of which the catalog is made; a transaction that writes one changes the catalog. */
export const CATALOG_TABLES: readonly TableId[] = [
  PLAIN_TABLES._catalog,
  PLAIN_TABLES._tables,
  PLAIN_TABLES._indexes,
  PLAIN_TABLES._schemas,
  PLAIN_TABLES._functions,
];

const LAST_CATALOG_TABLE = PLAIN_TABLES._functions;

export function isCatalogTable(tableId: TableId): boolean {
  return tableId <= LAST_CATALOG_TABLE;
}

/** Tables and indexes of the app are numbered from here, over all namespaces. */
export const FIRST_TABLE_ID: TableId = 10_001;
export const FIRST_INDEX_ID: IndexId = 10_001;

/** Numbers inside document ids, per namespace (P §4.3). */
export const FIRST_APP_TABLE_NUMBER = 10_001;
export const FIRST_SYSTEM_TABLE_NUMBER = 513;

/** The number of a plain table. Throws `UnknownPlainTable` when there is none of that name. */
export function plainTableId(name: string): TableId {
  const id = (PLAIN_TABLES as Record<string, TableId | undefined>)[name];
  if (id === undefined) {
    throw new DatabaseError(
      "UnknownPlainTable",
      `There is no plain system table "${name}": add it to PLAIN_TABLES in the engine's system_tables.ts.`,
    );
  }
  return id;
}

/** The name of a plain table, or `null` when `tableId` is none. */
export function plainTableName(tableId: TableId): string | null {
  for (const [name, id] of Object.entries(PLAIN_TABLES)) if (id === tableId) return name;
  return null;
}

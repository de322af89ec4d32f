import { checkIdentifier, checkIndexName, checkTableName, parseFieldPath } from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import type { IndexId, TableId } from "../log/commit.ts";
import type { IndexInfo, IndexState, Namespace, TableInfo } from "./catalog.ts";
import type { CatalogImage } from "./catalog_image.ts";
import {
  activeSchemaRowId,
  type CatalogHead,
  FUNCTIONS_ROW,
  HEAD_ROW,
  type IndexDefinitionRow,
  indexRowId,
  type PendingSchema,
  type PendingSchemaState,
  pendingSchemaRowId,
  type SchemaDefinition,
  tableRowId,
} from "./catalog_rows.ts";
import { refersToTable } from "./schema.ts";
import { FIRST_APP_TABLE_NUMBER, FIRST_SYSTEM_TABLE_NUMBER, PLAIN_TABLES } from "./system_tables.ts";

const MAX_TABLES = 10_000;
const MAX_INDEXES_PER_TABLE = 64;
const MAX_FIELDS_PER_INDEX = 16;

interface CatalogRowWrite {
  readonly table: TableId;
  readonly id: string;
  readonly json: string | null;
}

/** The transaction that an editor belongs to. */
export interface EditedTransaction {
  readonly catalog: CatalogImage;
  editCatalog(rows: readonly CatalogRowWrite[]): void;
}

export interface IndexDefinition {
  readonly namespace: Namespace;
  readonly table: string;
  readonly name: string;
  /** Dotted paths, as declared. */
  readonly fields: readonly string[];
  readonly staged: boolean;
}

/**
 * Changes tables, indexes and schemas inside a transaction: seen by what follows in it, and by everybody once
 * it has committed. Errors have the codes of R §3.1 and §3.2.
 */
export class CatalogEditor {
  readonly #tx: EditedTransaction;

  constructor(tx: EditedTransaction) {
    this.#tx = tx;
  }

  /** Makes an empty table. Names that start with `_` make a system table, numbered apart (P §4.3). */
  createTable(namespace: Namespace, name: string): TableInfo {
    const system = name.startsWith("_");
    if (system) checkIdentifier(name, "table name");
    else checkTableName(name);
    const { catalog } = this.#tx;
    if (catalog.table(namespace, name) !== null) {
      throw new DatabaseError("TableExists", `There is a table "${name}" already.`);
    }
    if (!system && catalog.tables(namespace).length >= MAX_TABLES) {
      throw new DatabaseError(
        "TooManyTables",
        `The table "${name}" would be one too many: there can be ${MAX_TABLES}. Delete tables that are no longer used.`,
      );
    }
    const { head } = catalog;
    const numbers = head.numbers[namespace] ?? {
      app: FIRST_APP_TABLE_NUMBER,
      system: FIRST_SYSTEM_TABLE_NUMBER,
    };
    const number = system ? numbers.system : numbers.app;
    const row = {
      id: head.nextTableId,
      namespace,
      name,
      number,
      byId: head.nextIndexId,
      byCreationTime: head.nextIndexId + 1,
    };
    this.#edit(
      [{ table: PLAIN_TABLES._tables, id: tableRowId(namespace, name), json: JSON.stringify(row) }],
      {
        ...head,
        nextTableId: head.nextTableId + 1,
        nextIndexId: head.nextIndexId + 2,
        numbers: {
          ...head.numbers,
          [namespace]: system ? { ...numbers, system: number + 1 } : { ...numbers, app: number + 1 },
        },
      },
    );
    return this.#tx.catalog.table(namespace, name)!;
  }

  /**
   * Drops a table with its indexes. Refused while the schema in force names it or refers to it (R §3.1). Its
   * documents can no longer be reached; the caller removes them first if their space is to come back.
   */
  dropTable(namespace: Namespace, name: string): void {
    const table = this.#existing(namespace, name);
    for (const { table: other, documentType } of this.#tx.catalog.schema(namespace)?.tables ?? []) {
      if (other === name) {
        throw new DatabaseError(
          "TableInSchema",
          `Failed to delete table "${name}" because it appears in the schema`,
        );
      }
      if (documentType !== null && refersToTable(documentType, name)) {
        throw new DatabaseError(
          "TableInSchema",
          `Failed to delete table "${name}" because \`v.id("${name}")\` appears in the schema of table "${other}"`,
        );
      }
    }
    const rows: CatalogRowWrite[] = [
      { table: PLAIN_TABLES._tables, id: tableRowId(namespace, name), json: null },
    ];
    for (const index of table.indexes) {
      if (index.id === table.byCreationTime) continue;
      rows.push({ table: PLAIN_TABLES._indexes, id: indexRowId(table.id, index.name), json: null });
    }
    this.#edit(rows);
  }

  /** Adds an index, in state `backfilling`: written from now on, read when it has been enabled. */
  addIndex(definition: IndexDefinition): IndexInfo {
    const { namespace, name, fields, staged } = definition;
    const table = this.#existing(namespace, definition.table);
    checkIndexDefinition(table, name, fields);
    const { head } = this.#tx.catalog;
    const row: IndexDefinitionRow = {
      id: head.nextIndexId,
      tableId: table.id,
      name,
      fields,
      state: "backfilling",
      staged,
    };
    this.#edit(
      [{ table: PLAIN_TABLES._indexes, id: indexRowId(table.id, name), json: JSON.stringify(row) }],
      { ...head, nextIndexId: head.nextIndexId + 1 },
    );
    return this.#tx.catalog.indexById(row.id)!;
  }

  /** Moves an index on. `staged` changes with it when given: a staged index is backfilled but not enabled. */
  setIndexState(id: IndexId, state: IndexState, staged?: boolean): void {
    const index = this.#declared(id);
    const row: IndexDefinitionRow = {
      id,
      tableId: index.tableId,
      name: index.name,
      fields: index.fields.slice(0, -1),
      state,
      staged: staged ?? index.staged,
    };
    const rowId = indexRowId(index.tableId, index.name);
    const rows: CatalogRowWrite[] = [{ table: PLAIN_TABLES._indexes, id: rowId, json: JSON.stringify(row) }];
    if (state !== "enabled") rows.push(...this.#wakeReaders(index));
    this.#edit(rows);
  }

  dropIndex(id: IndexId): void {
    const index = this.#declared(id);
    const row = { table: PLAIN_TABLES._indexes, id: indexRowId(index.tableId, index.name), json: null };
    this.#edit([row, ...this.#wakeReaders(index)]);
  }

  /**
   * Writes the table's row as it is. Whoever has read the table has read that row: once writes no longer keep
   * an index, a subscription to a stretch of it would wait for ever.
   */
  #wakeReaders({ tableId, state }: IndexInfo): CatalogRowWrite[] {
    const table = this.#tx.catalog.tableById(tableId);
    if (table === null || state !== "enabled") return [];
    const { id, namespace, name, number, byId, byCreationTime } = table;
    const json = JSON.stringify({ id, namespace, name, number, byId, byCreationTime });
    return [{ table: PLAIN_TABLES._tables, id: tableRowId(namespace, name), json }];
  }

  /** Puts a schema in force; `null` takes it away. The tables it names are created when they are not there. */
  setSchema(namespace: Namespace, schema: SchemaDefinition | null): void {
    for (const { table } of schema?.tables ?? []) {
      if (this.#tx.catalog.table(namespace, table) === null) this.createTable(namespace, table);
    }
    this.#putSchema(activeSchemaRowId(namespace), schema);
  }

  /** From now on new documents are checked against it too; the first that does not fit makes it fail. */
  setPendingSchema(namespace: Namespace, id: string, schema: SchemaDefinition): void {
    this.#putSchema(pendingSchemaRowId(namespace), {
      ...schema,
      id,
      state: { kind: "pending" },
    } as PendingSchema);
  }

  /** Records that the walk over the existing documents has ended, well or not. */
  setPendingSchemaState(namespace: Namespace, state: PendingSchemaState): void {
    const pending = this.#tx.catalog.pendingSchema(namespace);
    if (pending === null) {
      throw new DatabaseError("TableNotFound", `The namespace "${namespace}" has no pending schema.`);
    }
    this.#putSchema(pendingSchemaRowId(namespace), { ...pending, state } as PendingSchema);
  }

  clearPendingSchema(namespace: Namespace): void {
    if (this.#tx.catalog.pendingSchema(namespace) === null) return;
    this.#putSchema(pendingSchemaRowId(namespace), null);
  }

  /** Names the set of functions that is live. */
  setFunctionsVersion(id: string): void {
    this.#edit([{ table: PLAIN_TABLES._functions, id: FUNCTIONS_ROW, json: JSON.stringify({ id }) }]);
  }

  /** Called by the transaction after other rows of the catalog have changed. */
  raiseGeneration(rows: readonly CatalogRowWrite[]): void {
    if (rows.some((row) => row.table === PLAIN_TABLES._catalog)) return;
    this.#tx.editCatalog([headRow(this.#tx.catalog.head)]);
  }

  #putSchema(id: string, schema: SchemaDefinition | null): void {
    const json = schema === null ? null : JSON.stringify(schema);
    this.#edit([{ table: PLAIN_TABLES._schemas, id, json }]);
  }

  #edit(rows: readonly CatalogRowWrite[], head: CatalogHead = this.#tx.catalog.head): void {
    this.#tx.editCatalog([...rows, headRow(head)]);
  }

  #existing(namespace: Namespace, name: string): TableInfo {
    const table = this.#tx.catalog.table(namespace, name);
    if (table !== null) return table;
    throw new DatabaseError("TableNotFound", `There is no table "${name}".`);
  }

  #declared(id: IndexId): IndexInfo {
    const index = this.#tx.catalog.indexById(id);
    if (index !== null && index.name !== "by_creation_time") return index;
    throw new DatabaseError("IndexNotFoundError", `There is no declared index with the number ${id}.`);
  }
}

function headRow(head: CatalogHead): CatalogRowWrite {
  const json = JSON.stringify({ ...head, generation: head.generation + 1 });
  return { table: PLAIN_TABLES._catalog, id: HEAD_ROW, json };
}

/** Throws when `table` cannot have such an index beside those it has (R §2.5, §3.2). */
function checkIndexDefinition(table: TableInfo, name: string, fields: readonly string[]): void {
  const called = `${table.name}.${name}`;
  checkIndexName(name);
  if (fields.length === 0) {
    throw new DatabaseError("EmptyIndex", `Index ${called} has no fields: name at least one.`);
  }
  if (fields.length > MAX_FIELDS_PER_INDEX) {
    throw new DatabaseError(
      "IndexTooManyFields",
      `Index ${called} has ${fields.length} fields, but an index can have at most ${MAX_FIELDS_PER_INDEX}.`,
    );
  }
  for (const field of fields) checkIndexField(called, field);
  if (new Set(fields).size !== fields.length) {
    throw new DatabaseError(
      "FieldsNotUniqueWithinIndex",
      `Index ${called} names a field twice: ${fields.join(", ")}.`,
    );
  }
  // `by_creation_time` counts too: `by_id` is in no list.
  if (table.indexes.length > MAX_INDEXES_PER_TABLE) {
    throw new DatabaseError(
      "TooManyIndexes",
      `Index ${called} would be one too many: a table can have at most ${MAX_INDEXES_PER_TABLE}.`,
    );
  }
  const joined = fields.join("\0");
  for (const other of table.indexes) {
    if (other.name === name) {
      throw new DatabaseError(
        "IndexNamesNotUnique",
        `The table "${table.name}" has an index "${name}" already.`,
      );
    }
    if (other.paths.length > 0 && other.fields.slice(0, -1).join("\0") === joined) {
      throw new DatabaseError(
        "IndexNotUnique",
        `Index ${called} has the same fields as ${table.name}.${other.name} (${fields.join(", ")}): remove one of them.`,
      );
    }
  }
}

function checkIndexField(called: string, field: string): void {
  if (field === "_id") {
    throw new DatabaseError(
      "IndexFieldsContainId",
      `Index ${called} names _id, which is the last part of every index by itself: leave it out.`,
    );
  }
  if (field === "_creationTime") {
    throw new DatabaseError(
      "IndexFieldsContainCreationTime",
      `Index ${called} names _creationTime, which follows the fields of every index by itself: leave it out.`,
    );
  }
  if (field.startsWith("_")) {
    throw new DatabaseError(
      "IndexFieldNameReserved",
      `Index ${called} names "${field}", but fields that start with an underscore belong to the system.`,
    );
  }
  parseFieldPath(field);
}

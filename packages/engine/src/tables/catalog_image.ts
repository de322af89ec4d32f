import { encodeIndexKey, type ValidatorTables } from "@tandem/values";
import type { DocumentWrite, IndexId, TableId } from "../log/commit.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import type { SnapshotReader } from "../persistence/persistence.ts";
import { BEGINNING, type Timestamp } from "../timestamp.ts";
import type { Catalog, IndexInfo, Namespace, TableInfo } from "./catalog.ts";
import {
  activeSchemaRowId,
  type CatalogHead,
  EMPTY_HEAD,
  FUNCTIONS_ROW,
  HEAD_ROW,
  type IndexDefinitionRow,
  type PendingSchema,
  pendingSchemaRowId,
  type SchemaDefinition,
  type TableRow,
} from "./catalog_rows.ts";
import { CompiledSchema } from "./schema.ts";
import {
  CATALOG_TABLES,
  FIRST_INDEX_ID,
  FIRST_TABLE_ID,
  isCatalogTable,
  PLAIN_TABLES,
  plainTableName,
} from "./system_tables.ts";

/** The rows of one plain table: text by id. */
type Rows = ReadonlyMap<string, string>;
export type CatalogRows = ReadonlyMap<TableId, Rows>;

const NO_ROWS: Rows = new Map();

/** The catalog, made from its rows. It is rebuilt when one of them changes, and asked on every read and write. */
export class CatalogImage implements Catalog {
  readonly ts: Timestamp;
  readonly functionsVersion: string | null;
  readonly head: CatalogHead;
  readonly #rows: CatalogRows;
  readonly #byName = new Map<Namespace, Map<string, TableInfo>>();
  readonly #byNumber = new Map<Namespace, Map<number, TableInfo>>();
  readonly #byId = new Map<TableId, TableInfo>();
  readonly #indexes = new Map<IndexId, IndexInfo>();
  /** `by_id` of tables with documents. */
  readonly #idIndexes = new Map<IndexId, TableInfo>();
  readonly #active = new Map<Namespace, CompiledSchema>();
  readonly #pending = new Map<Namespace, { schema: CompiledSchema; pending: PendingSchema }>();
  readonly #validatorTables = new Map<Namespace, ValidatorTables>();

  constructor(ts: Timestamp, rows: CatalogRows, previous: CatalogImage | null = null) {
    this.ts = ts;
    this.#rows = rows;
    const head = rows.get(PLAIN_TABLES._catalog)?.get(HEAD_ROW);
    this.head = head === undefined ? EMPTY_HEAD : (JSON.parse(head) as CatalogHead);
    const functions = rows.get(PLAIN_TABLES._functions)?.get(FUNCTIONS_ROW);
    this.functionsVersion = functions === undefined ? null : (JSON.parse(functions) as { id: string }).id;
    this.#readTables();
    this.#readSchemas(previous);
  }

  #readTables(): void {
    const declared = new Map<TableId, IndexInfo[]>();
    for (const json of (this.#rows.get(PLAIN_TABLES._indexes) ?? NO_ROWS).values()) {
      const row = JSON.parse(json) as IndexDefinitionRow;
      const info: IndexInfo = {
        ...row,
        fields: [...row.fields, "_creationTime"],
        paths: row.fields.map((field) => field.split(".")),
      };
      this.#indexes.set(info.id, info);
      const list = declared.get(row.tableId);
      if (list === undefined) declared.set(row.tableId, [info]);
      else list.push(info);
    }
    for (const [rowId, json] of this.#rows.get(PLAIN_TABLES._tables) ?? NO_ROWS) {
      const row = JSON.parse(json) as TableRow;
      const byCreationTime: IndexInfo = {
        id: row.byCreationTime,
        tableId: row.id,
        name: "by_creation_time",
        fields: ["_creationTime"],
        paths: [],
        state: "enabled",
        staged: false,
      };
      this.#indexes.set(byCreationTime.id, byCreationTime);
      const indexes = [byCreationTime, ...(declared.get(row.id) ?? [])];
      const table: TableInfo = { ...row, indexes, existence: encodeIndexKey([rowId]) };
      this.#byId.set(table.id, table);
      this.#idIndexes.set(table.byId, table);
      inner(this.#byName, table.namespace).set(table.name, table);
      inner(this.#byNumber, table.namespace).set(table.number, table);
    }
  }

  #readSchemas(previous: CatalogImage | null): void {
    for (const [rowId, text] of this.#rows.get(PLAIN_TABLES._schemas) ?? NO_ROWS) {
      const at = rowId.lastIndexOf(":");
      const namespace = rowId.slice(0, at);
      if (rowId === activeSchemaRowId(namespace)) {
        const known = previous === null ? undefined : previous.#active.get(namespace);
        const schema = known?.text === text ? known : new CompiledSchema(text, JSON.parse(text));
        this.#active.set(namespace, schema);
      } else if (rowId === pendingSchemaRowId(namespace)) {
        const known = previous === null ? undefined : previous.#pending.get(namespace);
        const pending = JSON.parse(text) as PendingSchema;
        const schema = known?.schema.text === text ? known.schema : new CompiledSchema(text, pending);
        this.#pending.set(namespace, { schema, pending });
      }
    }
  }

  /** All that earlier catalogs had and this one has no more: numbers are given out once. */
  droppedBefore(): { indexes: IndexId[]; tables: TableId[] } {
    const indexes: IndexId[] = [];
    for (let id = FIRST_INDEX_ID; id < this.head.nextIndexId; id++) {
      if (!this.#indexes.has(id) && !this.#idIndexes.has(id)) indexes.push(id);
    }
    const tables: TableId[] = [];
    for (let id = FIRST_TABLE_ID; id < this.head.nextTableId; id++) {
      if (!this.#byId.has(id)) tables.push(id);
    }
    return { indexes, tables };
  }

  /** What an earlier catalog had and this one has no more. */
  droppedSince(earlier: CatalogImage): { indexes: IndexId[]; tables: TableId[] } {
    return {
      indexes: [...earlier.#indexes.keys()].filter((id) => !this.#indexes.has(id)),
      tables: [...earlier.#byId.keys()].filter((id) => !this.#byId.has(id)),
    };
  }

  /** The catalog after a commit's writes; `this` when they do not concern it. */
  apply(documents: readonly DocumentWrite[], ts: Timestamp): CatalogImage {
    let rows: Map<TableId, Rows> | null = null;
    const copied = new Map<TableId, Map<string, string>>();
    for (const write of documents) {
      if (!isCatalogTable(write.tableId)) continue;
      rows ??= new Map(this.#rows);
      let table = copied.get(write.tableId);
      if (table === undefined) {
        table = new Map(rows.get(write.tableId) ?? NO_ROWS);
        copied.set(write.tableId, table);
        rows.set(write.tableId, table);
      }
      if (write.document === null) table.delete(write.id);
      else table.set(write.id, write.document.json);
    }
    return rows === null ? this : new CatalogImage(ts, rows, this);
  }

  table(namespace: Namespace, name: string): TableInfo | null {
    return this.#byName.get(namespace)?.get(name) ?? null;
  }

  tableByNumber(namespace: Namespace, number: number): TableInfo | null {
    return this.#byNumber.get(namespace)?.get(number) ?? null;
  }

  tableById(id: TableId): TableInfo | null {
    return this.#byId.get(id) ?? null;
  }

  index(namespace: Namespace, table: string, index: string): IndexInfo | null {
    for (const info of this.table(namespace, table)?.indexes ?? []) if (info.name === index) return info;
    return null;
  }

  indexById(id: IndexId): IndexInfo | null {
    return this.#indexes.get(id) ?? null;
  }

  tableNameOfIndex(id: IndexId): string | null {
    const table = this.#idIndexes.get(id) ?? this.tableById(this.#indexes.get(id)?.tableId ?? -1);
    return table?.name ?? plainTableName(id);
  }

  tables(namespace: Namespace): readonly TableInfo[] {
    return this.#sorted(namespace, false);
  }

  systemTables(namespace: Namespace): readonly TableInfo[] {
    return this.#sorted(namespace, true);
  }

  #sorted(namespace: Namespace, system: boolean): readonly TableInfo[] {
    const all = [...(this.#byName.get(namespace)?.values() ?? [])];
    return all
      .filter((table) => table.name.startsWith("_") === system)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  namespaces(): readonly Namespace[] {
    return [...new Set([...this.#byName.keys(), ...this.#active.keys(), ...this.#pending.keys()])].sort();
  }

  schema(namespace: Namespace): SchemaDefinition | null {
    return this.#active.get(namespace)?.definition ?? null;
  }

  pendingSchema(namespace: Namespace): PendingSchema | null {
    return this.#pending.get(namespace)?.pending ?? null;
  }

  validate(namespace: Namespace, table: string, fields: object): string | null {
    const schema = this.#active.get(namespace);
    if (schema === undefined || !schema.definition.enforced) return null;
    return schema.fault(table, fields, this.#validatorTablesOf(namespace));
  }

  pendingFault(namespace: Namespace, table: string, fields: object): string | null {
    const entry = this.#pending.get(namespace);
    if (entry === undefined || entry.pending.state.kind === "failed" || !entry.pending.enforced) return null;
    return entry.schema.fault(table, fields, this.#validatorTablesOf(namespace));
  }

  #validatorTablesOf(namespace: Namespace): ValidatorTables {
    let tables = this.#validatorTables.get(namespace);
    if (tables === undefined) {
      tables = {
        tableNumberOf: (name) => this.table(namespace, name)?.number ?? null,
        tableNameOf: (number) => this.tableByNumber(namespace, number)?.name ?? null,
      };
      this.#validatorTables.set(namespace, tables);
    }
    return tables;
  }
}

function inner<K, V>(map: Map<Namespace, Map<K, V>>, namespace: Namespace): Map<K, V> {
  let found = map.get(namespace);
  if (found === undefined) {
    found = new Map();
    map.set(namespace, found);
  }
  return found;
}

export const EMPTY_CATALOG = new CatalogImage(BEGINNING, new Map());

/** Reads the catalog as of `at`. Its `ts` is `at`: the commit that made it is not later. */
export function loadCatalog(reader: SnapshotReader, at: Timestamp): MaybePromise<CatalogImage> {
  const rows = new Map<TableId, Rows>();
  const load = (i: number): MaybePromise<CatalogImage> => {
    const tableId = CATALOG_TABLES[i];
    if (tableId === undefined) return new CatalogImage(at, rows);
    const source = { kind: "documents", tableId } as const;
    const everything = { start: "", end: null };
    return andThen(reader.scan(source, everything, "asc", at, Number.MAX_SAFE_INTEGER), (found) => {
      rows.set(tableId, new Map(found.map((row) => [row.document.id, row.document.json])));
      return load(i + 1);
    });
  };
  return load(0);
}

/** The catalog of any snapshot at the price of one small read: for read lanes, which hear no news. */
export class CatalogCache {
  readonly #reader: SnapshotReader;
  #head: string | null | undefined = undefined;
  #catalog: CatalogImage = EMPTY_CATALOG;

  constructor(reader: SnapshotReader) {
    this.#reader = reader;
  }

  /** The catalog as of `at`. */
  at(at: Timestamp): MaybePromise<CatalogImage> {
    return andThen(this.#reader.get(PLAIN_TABLES._catalog, HEAD_ROW, at), (row) => {
      const head = row?.json ?? null;
      if (head === this.#head) return this.#catalog;
      return andThen(loadCatalog(this.#reader, at), (catalog) => {
        this.#head = head;
        this.#catalog = catalog;
        return catalog;
      });
    });
  }
}

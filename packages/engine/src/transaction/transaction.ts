import {
  checkTableName,
  encodeDocumentId,
  encodeIndexKey,
  type IndexKey,
  type JSONValue,
  jsonToConvex,
  newInternalId,
  tableNumberOf,
  type Value,
} from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import { keyOfDocument, keyOfStored, keyTail } from "../indexes/key_of_document.ts";
import type {
  DocumentWrite,
  IndexWrite,
  StoredDocument,
  TableId,
  TouchedKey,
  WriteSet,
} from "../log/commit.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import type { IndexInfo, TableInfo } from "../tables/catalog.ts";
import { CatalogEditor } from "../tables/catalog_editor.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import { pendingSchemaRowId } from "../tables/catalog_rows.ts";
import { newDocumentFault, schemaEnforcementError } from "../tables/schema.ts";
import { isCatalogTable, PLAIN_TABLES, plainTableId } from "../tables/system_tables.ts";
import type { Timestamp } from "../timestamp.ts";
import { CreationTimes } from "./creation_time.ts";
import type { DatabaseWriter, DocumentFields, PlainRows } from "./database.ts";
import { ownFields } from "./document_rules.ts";
import { Overlay } from "./overlay.ts";
import { type Place, type Randomness, ReadTransaction, type TransactionSetting } from "./read_transaction.ts";
import { toStoredDocument } from "./stored_text.ts";

export type { Randomness, TransactionOptions } from "./read_transaction.ts";

/** Where a nested call began, to go back to when it fails. */
export interface Savepoint {
  readonly depth: number;
  readonly touched: number;
  readonly catalog: CatalogImage;
  readonly changesCatalog: boolean;
  readonly documentsWritten: number;
  readonly bytesWritten: number;
}

type ParsedJson = { [field: string]: JSONValue };

/**
 * Reads and writes over one unchanging state. Nothing is locked and nothing is sent: when it has ended, its
 * writes and its read set go to the committer, which decides.
 */
export class Transaction extends ReadTransaction implements DatabaseWriter, PlainRows {
  readonly #system: boolean;
  readonly #times: CreationTimes | null;
  #touched: TouchedKey[] = [];
  #changesCatalog = false;
  #editor: CatalogEditor | null = null;

  constructor(setting: TransactionSetting) {
    super(setting);
    this.#system = setting.system ?? false;
    this.#times = setting.write === null ? null : new CreationTimes(setting.write.begin);
    if (setting.write !== null) this.layers.push(new Overlay());
  }

  /** Changes tables, indexes and schemas. */
  get editor(): CatalogEditor {
    this.#editor ??= new CatalogEditor(this);
    return this.#editor;
  }

  // --- writing documents ---

  insert(tableName: string, fields: DocumentFields): MaybePromise<string> {
    const { write, times } = this.#writing();
    const table = this.#tableForInsert(tableName);
    const own = ownFields(fields, null);
    const creationTime = times.take();
    const id = encodeDocumentId(table.number, newInternalId(write.random.bytes(14), write.begin / 1000));
    this.#writeDocument({ table, id, key: encodeIndexKey([id]) }, creationTime, own, null);
    return id;
  }

  /**
   * Inserts a document that brings its own `_id` or `_creationTime`, for imports. Throws when a document with
   * that id exists, or when the id belongs to another table. Answers the id.
   */
  importDocument(tableName: string, fields: DocumentFields): MaybePromise<string> {
    const { _id, _creationTime, ...given } = fields;
    const { write, times } = this.#writing();
    const table = this.#tableForInsert(tableName);
    const own = ownFields(given, null);
    const creationTime = importedTime(_creationTime) ?? times.take();
    times.passed(creationTime);
    if (_id === undefined) {
      const id = encodeDocumentId(table.number, newInternalId(write.random.bytes(14), write.begin / 1000));
      this.#writeDocument({ table, id, key: encodeIndexKey([id]) }, creationTime, own, null);
      return id;
    }
    if (typeof _id !== "string" || tableNumberOf(_id) !== table.number) {
      throw new DatabaseError(
        "InvalidIdError",
        `${JSON.stringify(_id)} is no ID of the table "${tableName}", whose number is ${table.number}.`,
      );
    }
    const place = { table, id: _id, key: encodeIndexKey([_id]) };
    return andThen(this.fetch(place), (existing) => {
      if (existing !== null) {
        throw new DatabaseError(
          "InvalidIdError",
          `The table "${tableName}" has a document with ID ${_id} already.`,
        );
      }
      this.#writeDocument(place, creationTime, own, null);
      return _id;
    });
  }

  replace(id: string, fields: DocumentFields): MaybePromise<StoredDocument> {
    const { place, old } = this.#toChange("Replace", id);
    return andThen(old, (found) => {
      const before = parsed(found, "Replace", id);
      const creationTime = before._creationTime as number;
      const own = ownFields(fields, { id, creationTime });
      return this.#writeDocument(place, creationTime, own, before);
    });
  }

  patch(id: string, fields: DocumentFields): MaybePromise<StoredDocument> {
    const { place, old } = this.#toChange("Update", id);
    return andThen(old, (found) => {
      const before = parsed(found, "Update", id);
      const creationTime = before._creationTime as number;
      const changes = ownFields(fields, { id, creationTime });
      return this.#writeDocument(place, creationTime, merged(before, fields, changes), before);
    });
  }

  remove(id: string): MaybePromise<StoredDocument> {
    const { place, old } = this.#toChange("Delete", id);
    return andThen(old, (found) => {
      const before = parsed(found, "Delete", id);
      const { table } = place;
      this.usage.add("documentsWritten", 1);
      this.#putDocument({ tableId: table.id, id, document: null });
      const tail = keyTail(before._creationTime as number, place.key);
      this.#touched.push({ indexId: table.byId, key: place.key });
      for (const index of table.indexes) {
        this.#moveEntry(index, keyOfStored(index, before, tail), null, id);
      }
      return found!;
    });
  }

  #toChange(verb: Verb, id: string): { place: Place; old: MaybePromise<StoredDocument | null> } {
    this.#writing();
    const place = this.placeOf(id);
    if (place === null) throw nonexistent(verb, id);
    this.#checkMayWrite(place.table.name);
    return { place, old: this.fetch(place) };
  }

  /** Checks and writes one version of a document. `own` are its fields without the system's. */
  #writeDocument(
    { table, id, key }: Place,
    creationTime: number,
    own: DocumentFields,
    before: ParsedJson | null,
  ): StoredDocument {
    const document = toStoredDocument(id, creationTime, own);
    this.#enforceSchema(table.name, own);
    this.usage.add("documentsWritten", 1);
    this.usage.add("bytesWritten", document.size);

    this.#putDocument({ tableId: table.id, id, document });
    const tail = keyTail(creationTime, key);
    this.#touched.push({ indexId: table.byId, key });
    const { indexes } = table;
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      const oldKey = before === null ? null : keyOfStored(index, before, tail);
      this.#moveEntry(index, oldKey, keyOfDocument(index, own, tail), id);
    }
    return document;
  }

  #moveEntry(index: IndexInfo, from: IndexKey | null, to: IndexKey | null, id: string): void {
    const indexId = index.id;
    if (from !== null) this.#touched.push({ indexId, key: from });
    if (from === to) return;
    if (from !== null) this.#putEntry({ indexId, key: from, documentId: null });
    if (to !== null) {
      this.#touched.push({ indexId, key: to });
      this.#putEntry({ indexId, key: to, documentId: id });
    }
  }

  #putDocument(write: DocumentWrite): void {
    this.layers[this.layers.length - 1]!.putDocument(write);
  }

  #putEntry(write: IndexWrite): void {
    this.layers[this.layers.length - 1]!.putEntry(write);
  }

  #enforceSchema(table: string, fields: DocumentFields): void {
    const fault = this.currentCatalog.validate(this.namespace, table, fields);
    if (fault !== null) throw schemaEnforcementError(table, fault);
    const pendingFault = this.currentCatalog.pendingFault(this.namespace, table, fields);
    if (pendingFault === null) return;
    // Not this write is at fault but the push: it hears of it when it asks (R §3.1).
    const pending = this.currentCatalog.pendingSchema(this.namespace)!;
    const state = { kind: "failed", error: newDocumentFault(table, pendingFault), tableName: table };
    this.editCatalog([
      {
        table: PLAIN_TABLES._schemas,
        id: pendingSchemaRowId(this.namespace),
        json: JSON.stringify({ ...pending, state }),
      },
    ]);
  }

  #writing(): { write: { begin: Timestamp; random: Randomness }; times: CreationTimes } {
    const { write } = this.setting;
    if (write === null || this.#times === null) {
      throw new DatabaseError(
        "ReadOnlyTransaction",
        "This is a query: it can read the database, but not write to it.",
      );
    }
    return { write, times: this.#times };
  }

  #checkMayWrite(table: string): void {
    if (this.#system || !table.startsWith("_")) return;
    throw new DatabaseError(
      "SystemTableError",
      `System tables (prefixed with \`_\`) are read-only: "${table}".`,
    );
  }

  #tableForInsert(name: string): TableInfo {
    const table = this.currentCatalog.table(this.namespace, name);
    if (table !== null) {
      this.#checkMayWrite(name);
      return table;
    }
    if (!this.#system || !name.startsWith("_")) checkTableName(name);
    this.editor.createTable(this.namespace, name);
    return this.currentCatalog.table(this.namespace, name)!;
  }

  // --- plain rows ---

  putRow(table: string, id: string, json: string | null): void {
    this.#writing();
    const tableId = plainTableId(table);
    if (isCatalogTable(tableId)) {
      throw new DatabaseError(
        "SystemTableError",
        `Rows of "${table}" are the catalog: change them with the transaction's editor.`,
      );
    }
    this.#putPlain(tableId, id, json);
  }

  #putPlain(tableId: TableId, id: string, json: string | null): void {
    const key = encodeIndexKey([id]);
    // Recorded as read, although it was not: of two writers of a row, neither overwrites the other unseen.
    this.readSet.point(tableId, key);
    this.#touched.push({ indexId: tableId, key });
    const document = json === null ? null : { id, json, size: json.length };
    this.#putDocument({ tableId, id, document });
  }

  /** Writes rows of the catalog and goes on under the new one. For {@link CatalogEditor}. */
  editCatalog(rows: readonly { table: TableId; id: string; json: string | null }[]): void {
    this.#writing();
    const writes: DocumentWrite[] = [];
    for (const row of rows) {
      this.#putPlain(row.table, row.id, row.json);
      const document = row.json === null ? null : { id: row.id, json: row.json, size: row.json.length };
      writes.push({ tableId: row.table, id: row.id, document });
    }
    this.#changesCatalog = true;
    this.currentCatalog = this.currentCatalog.apply(writes, this.currentCatalog.ts);
    this.places.clear();
    this.editor.raiseGeneration(rows);
  }

  // --- nested calls ---

  /** Begins a nested call: `release` keeps what it writes, `rollBack` forgets it. Reads stay (R §1.9). */
  savepoint(): Savepoint {
    this.#writing();
    const savepoint = {
      depth: this.layers.length,
      touched: this.#touched.length,
      catalog: this.currentCatalog,
      changesCatalog: this.#changesCatalog,
      documentsWritten: this.usage.used.documentsWritten,
      bytesWritten: this.usage.used.bytesWritten,
    };
    this.layers.push(new Overlay());
    return savepoint;
  }

  release(savepoint: Savepoint): void {
    while (this.layers.length > savepoint.depth) {
      const upper = this.layers.pop()!;
      this.layers[this.layers.length - 1]!.absorb(upper);
    }
  }

  rollBack(savepoint: Savepoint): void {
    this.layers.length = savepoint.depth;
    this.#touched.length = savepoint.touched;
    this.currentCatalog = savepoint.catalog;
    this.places.clear();
    // A scan may have left versions there that have just been forgotten.
    this.known.clear();
    this.#changesCatalog = savepoint.changesCatalog;
    this.usage.used.documentsWritten = savepoint.documentsWritten;
    this.usage.used.bytesWritten = savepoint.bytesWritten;
  }

  /**
   * A read-only transaction on the state this one began with, none of its writes in it. Its reads are its own
   * and count for nobody (`useStaleSnapshot`, R §1.9).
   */
  staleSnapshot(): Transaction {
    return new Transaction({ ...this.setting, limits: this.usage.limits, write: null });
  }

  /** What it changes; nothing may be read or written afterwards. */
  finish(): WriteSet {
    if (this.#times === null) return NO_WRITES;
    const pending = this.layers[this.layers.length - 1]!;
    const expected = this.setting.overlay === null ? 1 : 2;
    if (this.layers.length !== expected) {
      throw new Error("A transaction cannot finish while a nested call is open: release it or roll it back.");
    }
    const documents: DocumentWrite[] = [];
    for (const table of pending.tables.values()) {
      for (const write of table.writes.values()) documents.push(write);
    }
    const indexEntries: IndexWrite[] = [];
    for (const index of pending.indexes.values()) {
      for (const write of index.writes.values()) indexEntries.push(write);
    }
    return { documents, indexEntries, touched: this.#touched, changesCatalog: this.#changesCatalog };
  }
}

export const NO_WRITES: WriteSet = { documents: [], indexEntries: [], touched: [], changesCatalog: false };

type Verb = "Update" | "Replace" | "Delete";

function parsed(document: StoredDocument | null, verb: Verb, id: string): ParsedJson {
  if (document === null) throw nonexistent(verb, id);
  return JSON.parse(document.json) as ParsedJson;
}

/**
 * The own fields of a patched document: `changes` over those of `before`, without what `fields` has as absent. Fields
 * stay in their order, the sorted one that documents are stored in, so that it need not be made again.
 */
function merged(before: ParsedJson, fields: DocumentFields, changes: DocumentFields): DocumentFields {
  const own: DocumentFields = {};
  const names = Object.keys(before);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (name === "_id" || name === "_creationTime") continue;
    if (!Object.hasOwn(fields, name)) own[name] = jsonToConvex(before[name]!);
    else if (fields[name] !== undefined) own[name] = fields[name];
  }
  const changed = Object.keys(changes);
  for (let i = 0; i < changed.length; i++) {
    const name = changed[i]!;
    if (!Object.hasOwn(before, name)) own[name] = changes[name];
  }
  return own;
}

function nonexistent(verb: Verb, id: string): DatabaseError {
  return new DatabaseError("NonexistentDocument", `${verb} on nonexistent document ID ${id}`);
}

function importedTime(value: Value | undefined): number | null {
  if (value === undefined) return null;
  if (typeof value === "number" && value > 0 && value < 2 ** 53) return value;
  throw new DatabaseError(
    "InvalidCreationTimeError",
    `_creationTime must be a number of milliseconds above 0 and below 2^53, but it is ${String(value)}.`,
  );
}

import { decodeDocumentId, encodeIndexKey, type IndexKey, tableNumberOf } from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import type { StoredDocument, TableId } from "../log/commit.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource } from "../persistence/persistence.ts";
import type { IndexInfo, Namespace, TableInfo } from "../tables/catalog.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import { indexRowId, tableRowId } from "../tables/catalog_rows.ts";
import { FIRST_TABLE_ID, PLAIN_TABLES, plainTableId } from "../tables/system_tables.ts";
import type { Timestamp } from "../timestamp.ts";
import type { DatabaseReader } from "./database.ts";
import { DEFAULT_LIMITS, type TransactionLimits, UsageMeter } from "./limits.ts";
import type { Overlay } from "./overlay.ts";
import { ReadSet } from "./read_set.ts";
import type { ReadRange } from "./read_set_entry.ts";
import { type BaseView, scanLayers } from "./scan.ts";

/** Where the bytes of new ids come from. */
export interface Randomness {
  bytes(count: number): Uint8Array;
}

export interface TransactionOptions {
  /** Default: the app's own, the empty string. */
  readonly namespace?: Namespace;
  /** System tables may be written. */
  readonly system?: boolean;
  readonly limits?: TransactionLimits;
}

export interface TransactionSetting extends TransactionOptions {
  readonly base: BaseView;
  /** Commits that the base's store does not have yet. Must not change while the transaction runs. */
  readonly overlay: Overlay | null;
  readonly catalog: CatalogImage;
  /** `null` makes the transaction read-only. */
  readonly write: { readonly begin: Timestamp; readonly random: Randomness } | null;
}

/** A document's table, and its key in the table's `by_id`. */
export interface Place {
  readonly table: TableInfo;
  readonly id: string;
  readonly key: IndexKey;
}

/** How many rows a scan asks for at first; the following slices are longer. */
const FIRST_SLICE = 128;
const LONGEST_SLICE = 1024;

/** Reads over one unchanging state; all of them are recorded, and counted against the limits. */
export class ReadTransaction implements DatabaseReader {
  readonly namespace: Namespace;
  readonly usage: UsageMeter;
  /** The catalog that it began under: what the committer compares. */
  readonly catalogTs: Timestamp;
  protected readonly setting: TransactionSetting;
  protected readonly readSet = new ReadSet();
  /** Documents already fetched from the base, so that changing what was just read fetches nothing. */
  protected readonly known = new Map<string, StoredDocument | null>();
  /** Ids seen, so that each is taken apart once. Emptied when the catalog changes. */
  protected readonly places = new Map<string, Place>();
  protected currentCatalog: CatalogImage;
  /** Lowest first; `[0]` is the base's overlay if it has one, the last takes the writes if there can be any. */
  protected readonly layers: Overlay[];

  constructor(setting: TransactionSetting) {
    this.setting = setting;
    this.namespace = setting.namespace ?? "";
    this.usage = new UsageMeter(setting.limits ?? DEFAULT_LIMITS);
    this.currentCatalog = setting.catalog;
    this.catalogTs = setting.catalog.ts;
    this.layers = setting.overlay === null ? [] : [setting.overlay];
  }

  get catalog(): CatalogImage {
    return this.currentCatalog;
  }

  /** The newest commit that its store had. */
  get at(): Timestamp {
    return this.setting.base.at;
  }

  get reads(): readonly ReadRange[] {
    return this.readSet.ranges;
  }

  get(id: string): MaybePromise<StoredDocument | null> {
    const place = this.placeOf(id);
    if (place === null) return null;
    return andThen(this.fetch(place), (document) => {
      if (document !== null) this.#countRead(document);
      return document;
    });
  }

  scan(
    tableName: string,
    indexName: string,
    range: KeyRange,
    order: ScanOrder,
    limit: number,
  ): MaybePromise<IndexRow[]> {
    const table = this.currentCatalog.table(this.namespace, tableName);
    if (table === null) {
      this.readSet.point(PLAIN_TABLES._tables, encodeIndexKey([tableRowId(this.namespace, tableName)]));
      return [];
    }
    this.readSet.point(PLAIN_TABLES._tables, table.existence);
    let indexId = table.byId;
    let source: ScanSource = { kind: "documents", tableId: table.id };
    if (indexName !== "by_id") {
      indexId = this.#readableIndex(table, indexName).id;
      source = { kind: "entries", indexId, tableId: table.id };
    }
    if (limit <= 0 || (range.end !== null && range.end <= range.start)) return [];
    const rows: IndexRow[] = [];
    const slice = Math.min(limit, FIRST_SLICE);
    return this.#scanOn(rows, indexId, source, range, order, limit, slice);
  }

  /** Reads slice after slice, so that a limit stops a long scan early. */
  #scanOn(
    rows: IndexRow[],
    indexId: number,
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    limit: number,
    firstSlice: number,
  ): MaybePromise<IndexRow[]> {
    let rest = range;
    let slice = firstSlice;
    for (;;) {
      // One more than allowed, so that the limit is seen to be passed and not just reached.
      const wanted = Math.min(limit - rows.length, slice, this.usage.documentsLeft + 1);
      const asked = rest;
      let found: MaybePromise<IndexRow[]>;
      try {
        found = scanLayers(this.setting.base, this.layers, source, asked, order, wanted);
      } catch (error) {
        this.#recordRange(indexId, asked, order);
        throw error;
      }
      if (found instanceof Promise) {
        return found.then(
          (more) => {
            const next = this.#takeSlice(rows, more, indexId, asked, order, wanted);
            if (next === null || rows.length >= limit) return rows;
            return this.#scanOn(rows, indexId, source, next, order, limit, longer(slice));
          },
          (error: unknown) => {
            this.#recordRange(indexId, asked, order);
            throw error;
          },
        );
      }
      const next = this.#takeSlice(rows, found, indexId, asked, order, wanted);
      if (next === null || rows.length >= limit) return rows;
      rest = next;
      slice = longer(slice);
    }
  }

  /** Records and counts a slice. Answers what is left of the range, `null` when nothing is. */
  #takeSlice(
    rows: IndexRow[],
    found: readonly IndexRow[],
    indexId: number,
    asked: KeyRange,
    order: ScanOrder,
    wanted: number,
  ): KeyRange | null {
    let rest: KeyRange | null = null;
    if (found.length < wanted) {
      this.#recordRange(indexId, asked, order);
    } else {
      const last = found[found.length - 1]!.key;
      const after = `${last}\0`;
      if (order === "asc") {
        this.#recordRange(indexId, { start: asked.start, end: after }, order);
        rest = { start: after, end: asked.end };
      } else {
        this.#recordRange(indexId, { start: last, end: asked.end }, order);
        rest = { start: asked.start, end: last };
      }
    }
    const writable = this.setting.write !== null;
    for (let i = 0; i < found.length; i++) {
      const row = found[i]!;
      rows.push(row);
      if (writable) this.known.set(row.document.id, row.document);
      this.#countRead(row.document);
    }
    return rest;
  }

  #recordRange(indexId: number, range: KeyRange, order: ScanOrder): void {
    if (this.readSet.range(indexId, range, order)) this.usage.add("databaseQueries", 1);
  }

  #countRead(document: StoredDocument): void {
    this.usage.add("documentsRead", 1);
    this.usage.add("bytesRead", document.size);
  }

  #readableIndex(table: TableInfo, name: string): IndexInfo {
    const { indexes } = table;
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      if (index.name !== name) continue;
      if (index.state === "enabled") return index;
      this.readSet.point(PLAIN_TABLES._indexes, encodeIndexKey([indexRowId(table.id, name)]));
      throw index.staged
        ? new DatabaseError(
            "IndexStagedError",
            `Index ${table.name}.${name} is currently staged and not available to query until it is enabled. Remove \`staged: true\` from its definition and deploy.`,
          )
        : new DatabaseError(
            "IndexBackfillingError",
            `Index ${table.name}.${name} is still being built and not available to query until the push that declares it has finished.`,
          );
    }
    this.readSet.point(PLAIN_TABLES._indexes, encodeIndexKey([indexRowId(table.id, name)]));
    throw new DatabaseError("IndexNotFoundError", `Index ${table.name}.${name} not found.`);
  }

  /** Where a document would be, `null` when no table has the id's number. Throws when `id` is no id. */
  protected placeOf(id: string): Place | null {
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const number = tableNumberOf(id);
    if (number === null) {
      decodeDocumentId(id);
      throw new DatabaseError("InvalidIdError", `Unable to decode ID: ${id}`);
    }
    const table = this.currentCatalog.tableByNumber(this.namespace, number);
    if (table === null) return null;
    const place = { table, id, key: encodeIndexKey([id]) };
    this.places.set(id, place);
    return place;
  }

  protected fetch({ table, id, key }: Place): MaybePromise<StoredDocument | null> {
    this.readSet.point(PLAIN_TABLES._tables, table.existence);
    if (this.readSet.point(table.byId, key)) this.usage.add("databaseQueries", 1);
    return this.lookUp(table.id, id);
  }

  /** Finds a document in the layers, or below. Its key must be in the read set already. */
  protected lookUp(tableId: TableId, id: string): MaybePromise<StoredDocument | null> {
    const layers = this.layers;
    for (let i = layers.length - 1; i >= 0; i--) {
      const write = layers[i]!.document(tableId, id);
      if (write !== undefined) return write.document;
    }
    const { reader, at } = this.setting.base;
    if (this.setting.write === null) return reader.get(tableId, id, at);
    // Ids of plain rows are only unique within their table; they are not kept here.
    const known = this.known.get(id);
    if (known !== undefined && tableId >= FIRST_TABLE_ID) return known;
    const found = reader.get(tableId, id, at);
    if (tableId < FIRST_TABLE_ID) return found;
    if (found instanceof Promise) {
      return found.then((document) => {
        this.known.set(id, document);
        return document;
      });
    }
    this.known.set(id, found);
    return found;
  }

  getRow(table: string, id: string): MaybePromise<string | null> {
    const tableId = plainTableId(table);
    this.readSet.point(tableId, encodeIndexKey([id]));
    const found = this.lookUp(tableId, id);
    if (found instanceof Promise) return found.then((row) => row?.json ?? null);
    return found?.json ?? null;
  }

  scanRows(
    table: string,
    part?: { after: string; before?: string; limit: number },
  ): MaybePromise<{ id: string; json: string }[]> {
    const tableId = plainTableId(table);
    // Keys delimit themselves: nothing lies between a key and the key with a zero byte behind it.
    const range = {
      start: part === undefined ? "" : `${encodeIndexKey([part.after])}\0`,
      end: part?.before === undefined ? null : encodeIndexKey([part.before]),
    };
    this.readSet.range(tableId, range, "asc");
    const source = { kind: "documents", tableId } as const;
    const { base } = this.setting;
    return andThen(
      scanLayers(base, this.layers, source, range, "asc", part?.limit ?? Number.MAX_SAFE_INTEGER),
      (rows) => rows.map((row) => ({ id: row.document.id, json: row.document.json })),
    );
  }
}

function longer(slice: number): number {
  return Math.min(slice * 2, LONGEST_SLICE);
}

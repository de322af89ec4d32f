import { encodeIndexKey, type IndexKey } from "@tandem/values";
import type { DocumentWrite, IndexId, IndexWrite, TableId } from "../log/commit.ts";

/** Fresh keys up to this many are put in their places one by one; more are sorted in one go. */
const FEW = 24;

/**
 * Writes that the store does not have yet, newest wins: those of a running transaction, of a nested call in
 * it, or a lane's commits on their way to disk. Keys are sorted only when somebody scans.
 */
export class Overlay {
  readonly tables = new Map<TableId, TableOverlay>();
  readonly indexes = new Map<IndexId, IndexOverlay>();

  get isEmpty(): boolean {
    return this.tables.size === 0;
  }

  document(tableId: TableId, id: string): DocumentWrite | undefined {
    return this.tables.get(tableId)?.writes.get(id);
  }

  putDocument(write: DocumentWrite): void {
    let table = this.tables.get(write.tableId);
    if (table === undefined) {
      table = new TableOverlay();
      this.tables.set(write.tableId, table);
    }
    table.put(write);
  }

  putEntry(write: IndexWrite): void {
    let index = this.indexes.get(write.indexId);
    if (index === undefined) {
      index = new IndexOverlay();
      this.indexes.set(write.indexId, index);
    }
    index.put(write);
  }

  put(documents: readonly DocumentWrite[], entries: readonly IndexWrite[]): void {
    for (let i = 0; i < documents.length; i++) this.putDocument(documents[i]!);
    for (let i = 0; i < entries.length; i++) this.putEntry(entries[i]!);
  }

  /** Takes writes out again, except where newer ones have replaced them. */
  remove(documents: readonly DocumentWrite[], entries: readonly IndexWrite[]): void {
    for (let i = 0; i < documents.length; i++) {
      const write = documents[i]!;
      const table = this.tables.get(write.tableId);
      if (table?.remove(write)) this.tables.delete(write.tableId);
    }
    for (let i = 0; i < entries.length; i++) {
      const write = entries[i]!;
      const index = this.indexes.get(write.indexId);
      if (index?.remove(write)) this.indexes.delete(write.indexId);
    }
  }

  /** Lays `upper` over this one. */
  absorb(upper: Overlay): void {
    for (const table of upper.tables.values()) {
      for (const write of table.writes.values()) this.putDocument(write);
    }
    for (const index of upper.indexes.values()) {
      for (const write of index.writes.values()) this.putEntry(write);
    }
  }
}

/** Written documents of one table, by id; in the order of their `by_id` keys when that is asked for. */
export class TableOverlay {
  readonly writes = new Map<string, DocumentWrite>();
  #order: { readonly keys: SortedKeys; readonly ids: Map<IndexKey, string> } | null = null;

  put(write: DocumentWrite): void {
    if (this.#order !== null && !this.writes.has(write.id)) {
      const key = encodeIndexKey([write.id]);
      this.#order.ids.set(key, write.id);
      this.#order.keys.add(key);
    }
    this.writes.set(write.id, write);
  }

  /** Answers whether nothing is left. */
  remove(write: DocumentWrite): boolean {
    if (this.writes.get(write.id) === write) {
      this.writes.delete(write.id);
      this.#order = null;
    }
    return this.writes.size === 0;
  }

  /** All keys, ascending, each with its document's id. */
  order(): { keys: readonly IndexKey[]; idOf(key: IndexKey): string | null | undefined } {
    if (this.#order === null) {
      const ids = new Map<IndexKey, string>();
      const keys = new SortedKeys();
      for (const id of this.writes.keys()) {
        const key = encodeIndexKey([id]);
        ids.set(key, id);
        keys.add(key);
      }
      this.#order = { keys, ids };
    }
    const { keys, ids } = this.#order;
    return { keys: keys.settle(), idOf: (key) => ids.get(key) };
  }
}

/** Written entries of one index, by key. */
export class IndexOverlay {
  readonly writes = new Map<IndexKey, IndexWrite>();
  #keys: SortedKeys | null = null;

  put(write: IndexWrite): void {
    if (this.#keys !== null && !this.writes.has(write.key)) this.#keys.add(write.key);
    this.writes.set(write.key, write);
  }

  /** Answers whether nothing is left. */
  remove(write: IndexWrite): boolean {
    if (this.writes.get(write.key) === write) {
      this.writes.delete(write.key);
      this.#keys = null;
    }
    return this.writes.size === 0;
  }

  /** All keys, ascending; `idOf` answers `null` for an entry that was removed. */
  order(): { keys: readonly IndexKey[]; idOf(key: IndexKey): string | null | undefined } {
    if (this.#keys === null) {
      this.#keys = new SortedKeys();
      for (const key of this.writes.keys()) this.#keys.add(key);
    }
    return { keys: this.#keys.settle(), idOf: (key) => this.writes.get(key)?.documentId };
  }
}

class SortedKeys {
  #sorted: IndexKey[] = [];
  #fresh: IndexKey[] = [];

  /** `key` must be new. */
  add(key: IndexKey): void {
    this.#fresh.push(key);
  }

  settle(): readonly IndexKey[] {
    const fresh = this.#fresh;
    if (fresh.length === 0) return this.#sorted;
    this.#fresh = [];
    if (fresh.length <= FEW) {
      // Copied first: a scan that waits for its store may still walk the old order.
      const sorted = this.#sorted.slice();
      for (const key of fresh) sorted.splice(lowerBound(sorted, key), 0, key);
      this.#sorted = sorted;
    } else {
      this.#sorted = this.#sorted.concat(fresh).sort(compareKeys);
    }
    return this.#sorted;
  }
}

function compareKeys(a: IndexKey, b: IndexKey): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Position of the first of `keys` that is not below `key`. */
export function lowerBound(keys: readonly IndexKey[], key: IndexKey): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

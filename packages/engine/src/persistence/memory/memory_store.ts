import { encodeIndexKey, type IndexKey } from "@tandem/values";
import type { Commit, IndexId, StoredDocument, TableId } from "../../log/commit.ts";
import { BEGINNING, type Timestamp } from "../../timestamp.ts";
import type { Discarded, IndexRow, KeyRange, ScanOrder, ScanSource } from "../persistence.ts";
import { History } from "./history.ts";
import { SortedMap } from "./sorted_map.ts";

interface Table {
  readonly byId: Map<string, History<StoredDocument>>;
  readonly inOrder: SortedMap<History<StoredDocument>>;
}

/** The data of a store in memory: what a disk would hold. Handles come and go, this stays. */
export class MemoryStore {
  /** The newest commit, also when the log no longer holds it. */
  head: Timestamp = BEGINNING;
  /** The log is whole behind this timestamp. */
  logStart: Timestamp = BEGINNING;
  readonly #log: Commit[] = [];
  readonly #tables = new Map<TableId, Table>();
  readonly #indexes = new Map<IndexId, SortedMap<History<string>>>();

  apply(commits: readonly Commit[]): void {
    for (const commit of commits) {
      for (const { tableId, id, document } of commit.documents) {
        const table = this.#table(tableId);
        let history = table.byId.get(id);
        if (history === undefined) {
          history = new History();
          table.byId.set(id, history);
          table.inOrder.set(encodeIndexKey([id]), history);
        }
        history.put(commit.ts, document);
      }
      for (const { indexId, key, documentId } of commit.indexEntries) {
        this.#entry(indexId, key).put(commit.ts, documentId);
      }
      this.#log.push(commit);
      this.head = commit.ts;
    }
  }

  backfill(indexId: IndexId, entries: readonly { key: IndexKey; documentId: string; ts: Timestamp }[]): void {
    for (const { key, documentId, ts } of entries) this.#entry(indexId, key).put(ts, documentId, true);
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.#tables.get(tableId)?.byId.get(id)?.at(at) ?? null;
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    const rows: IndexRow[] = [];
    if (limit <= 0) return rows;
    const take = (key: IndexKey, document: StoredDocument | null) => {
      if (document !== null) rows.push({ key, document });
      return rows.length < limit;
    };
    const walk = order === "asc" ? "ascend" : "descend";
    if (source.kind === "documents") {
      const documents = this.#tables.get(source.tableId)?.inOrder;
      documents?.[walk](range.start, range.end, (key, history) => take(key, history.at(at)));
      return rows;
    }
    const documents = this.#tables.get(source.tableId)?.byId;
    this.#indexes.get(source.indexId)?.[walk](range.start, range.end, (key, history) => {
      const id = history.at(at);
      return take(key, id === null ? null : (documents?.get(id)?.at(at) ?? null));
    });
    return rows;
  }

  tail(after: Timestamp, limit: number): Commit[] {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#log[middle]!.ts <= after) low = middle + 1;
      else high = middle;
    }
    return this.#log.slice(low, low + Math.max(0, limit));
  }

  prune(horizon: Timestamp, budget: number): number {
    let count = 0;
    while (count < budget && count < this.#log.length && this.#log[count]!.ts <= horizon) {
      this.#giveBack(this.#log[count]!);
      this.logStart = this.#log[count]!.ts;
      count++;
    }
    this.#log.splice(0, count);
    return count;
  }

  discard(what: Discarded, budget: number): number {
    let count = 0;
    const dropAll = (keys: readonly string[], drop: (key: string) => void) => {
      for (const key of keys.slice(0, budget - count)) {
        drop(key);
        count++;
      }
    };
    for (const indexId of what.indexes) {
      const index = this.#indexes.get(indexId);
      if (index !== undefined) dropAll(keysOf(index), (key) => index.delete(key));
    }
    for (const tableId of what.tables) {
      const table = this.#tables.get(tableId);
      if (table === undefined) continue;
      dropAll([...table.byId.keys()], (id) => {
        table.byId.delete(id);
        table.inOrder.delete(encodeIndexKey([id]));
      });
    }
    return count;
  }

  /** What `commit` has superseded or removed, no snapshot from its timestamp on can see. */
  #giveBack(commit: Commit): void {
    for (const { tableId, id } of commit.documents) {
      const table = this.#table(tableId);
      const history = table.byId.get(id);
      history?.prune(commit.ts);
      if (history?.isEmpty) {
        table.byId.delete(id);
        table.inOrder.delete(encodeIndexKey([id]));
      }
    }
    for (const { indexId, key } of commit.indexEntries) {
      const index = this.#indexes.get(indexId);
      const history = index?.get(key);
      history?.prune(commit.ts);
      if (history?.isEmpty) index?.delete(key);
    }
  }

  #table(tableId: TableId): Table {
    let table = this.#tables.get(tableId);
    if (table === undefined) {
      table = { byId: new Map(), inOrder: new SortedMap() };
      this.#tables.set(tableId, table);
    }
    return table;
  }

  #entry(indexId: IndexId, key: IndexKey): History<string> {
    let index = this.#indexes.get(indexId);
    if (index === undefined) {
      index = new SortedMap();
      this.#indexes.set(indexId, index);
    }
    let history = index.get(key);
    if (history === undefined) {
      history = new History();
      index.set(key, history);
    }
    return history;
  }
}

function keysOf(map: SortedMap<unknown>): IndexKey[] {
  const keys: IndexKey[] = [];
  map.ascend("", null, (key) => keys.push(key) > 0);
  return keys;
}

import type { DocumentWrite, StoredDocument, TableId } from "../log/commit.ts";

/** What a document costs beside its text, in bytes: its object, its id, and its places in two maps. */
const OVERHEAD = 250;

type Generation = Map<TableId, Map<string, StoredDocument>>;

/**
 * Documents of one state of the database, for whoever reads that state again and again: a look-up here costs a
 * twentieth of one in the store. `bound` is what it may hold, in bytes. What was not asked for during the time in
 * which half of that came new is forgotten.
 */
export class DocumentCache {
  readonly #half: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  /** Of `#young`. */
  #bytes = 0;

  constructor(bound: number) {
    this.#half = bound / 2;
  }

  get(tableId: TableId, id: string): StoredDocument | undefined {
    const young = this.#young.get(tableId)?.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(tableId)?.get(id);
    if (old !== undefined) this.put(tableId, old);
    return old;
  }

  put(tableId: TableId, document: StoredDocument): void {
    let table = this.#young.get(tableId);
    if (table === undefined) {
      table = new Map();
      this.#young.set(tableId, table);
    }
    const before = table.get(document.id);
    table.set(document.id, document);
    this.#bytes +=
      before === undefined ? document.json.length + OVERHEAD : document.json.length - before.json.length;
    if (this.#bytes <= this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = 0;
  }

  /** The state has moved on by these writes. */
  apply(documents: readonly DocumentWrite[]): void {
    for (let i = 0; i < documents.length; i++) {
      const { tableId, id, document } = documents[i]!;
      if (document !== null) this.put(tableId, document);
      else {
        this.#young.get(tableId)?.delete(id);
        this.#old.get(tableId)?.delete(id);
      }
    }
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#bytes = 0;
  }
}

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { IndexKey } from "@tandem/values";
import type { IndexId, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";

/** What a document or an index entry was from `ts` on; `value` is the text or the document's id, `null` a removal. */
export type Version = [
  ts: Timestamp,
  size: number,
  value: string | null,
  /** Where in `undo` the version before this one lies. With nothing there, there was none. */
  undo: number | null,
  /** Where the version from before this one's whole batch lies. */
  skip: number | null,
];

/** Finds versions that have been overwritten. A chain only ever grows at its new end, so no transaction is needed. */
export class StoredVersions {
  readonly #document: StatementSync;
  readonly #entry: StatementSync;
  readonly #undo: StatementSync;

  /** `database` answers rows as arrays. */
  constructor(database: DatabaseSync) {
    this.#document = database.prepare(
      "SELECT ts, size, json, undo, skip FROM documents WHERE table_id = ? AND id = ?",
    );
    this.#entry = database.prepare(
      "SELECT ts, 0, document_id, undo, skip FROM entries WHERE index_id = ? AND key = ?",
    );
    this.#undo = database.prepare("SELECT ts, size, value, undo, skip FROM undo WHERE seq = ?");
  }

  /** The newest version of a document. */
  document(tableId: TableId, id: string): Version | undefined {
    return this.#document.get(tableId, id) as unknown as Version | undefined;
  }

  /** The newest version of an index entry. */
  entry(indexId: IndexId, key: IndexKey): Version | undefined {
    return this.#entry.get(indexId, key) as unknown as Version | undefined;
  }

  /** The version that a snapshot at `at` sees, begun at one that is as new or newer. */
  visible(newest: Version | undefined, at: Timestamp): Version | undefined {
    let version = newest;
    while (version !== undefined && version[0] > at) version = this.#before(version, at);
    return version;
  }

  /** One step back, over the rest of its batch where that is newer than `at` as well. */
  #before([, , , undo, skip]: Version, at: Timestamp): Version | undefined {
    if (undo === null) return undefined;
    if (skip !== null && skip !== undo) {
      const beforeBatch = this.#get(skip);
      if (beforeBatch !== undefined && beforeBatch[0] > at) return beforeBatch;
    }
    return this.#get(undo);
  }

  #get(seq: number): Version | undefined {
    return this.#undo.get(seq) as unknown as Version | undefined;
  }
}

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { DocumentWrite, IndexWrite, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import { stretchOf } from "./stored_versions.ts";

/** When a write happens: its commit, and the newest commit before its batch. */
export interface Moment {
  readonly ts: Timestamp;
  readonly headBefore: Timestamp;
}

/**
 * Writes of `documents` and `entries`. `undo` is the place that the overwritten version takes, if there is one.
 *
 * Whether there is one is guessed, and the other statement follows a wrong guess. One statement for both, an insert
 * that becomes an update, has SQLite keep a copy of every page it touches, to be able to take it back alone:
 * a fifth of its cost. Here a failure takes back the whole batch.
 */
export class NewestVersions {
  readonly #insertDocument: StatementSync;
  readonly #updateDocument: StatementSync;
  readonly #insertEntry: StatementSync;
  readonly #updateEntry: StatementSync;
  /** Tables whose last write was of a document that was there already. */
  readonly #overwritten = new Set<TableId>();

  constructor(database: DatabaseSync) {
    // The last parameters are the head before the batch, and where the commit's stretch begins. A second write of one
    // commit takes the place of the first.
    const overwrite = `
      undo = iif(ts = ?3, undo, ?4), skip = iif(ts > ?5, skip, ?4), far = iif(ts >= ?6, far, ?4)`;
    this.#insertDocument = database.prepare(
      "INSERT INTO documents VALUES (?1, ?2, ?3, ?5, ?6, ?4, ?4, NULL) ON CONFLICT DO NOTHING",
    );
    this.#updateDocument = database.prepare(`
      UPDATE OR FAIL documents SET ts = ?3, size = ?7, json = ?8, ${overwrite} WHERE table_id = ?1 AND id = ?2`);
    this.#insertEntry = database.prepare(
      "INSERT INTO entries VALUES (?1, ?2, ?3, ?5, ?4, ?4, NULL) ON CONFLICT DO NOTHING",
    );
    this.#updateEntry = database.prepare(`
      UPDATE OR FAIL entries SET ts = ?3, document_id = ?7, ${overwrite} WHERE index_id = ?1 AND key = ?2`);
  }

  putDocument(write: DocumentWrite, moment: Moment, undo: number): void {
    const { tableId } = write;
    if (write.document === null || this.#overwritten.has(tableId)) {
      if (this.#update(write, moment, undo)) return;
      this.#insert(write, moment, undo);
      this.#overwritten.delete(tableId);
    } else if (!this.#insert(write, moment, undo)) {
      this.#update(write, moment, undo);
      this.#overwritten.add(tableId);
    }
  }

  putEntry({ indexId, key, documentId }: IndexWrite, { ts, headBefore }: Moment, undo: number): void {
    const insert = () => this.#insertEntry.run(indexId, key, ts, undo, documentId).changes !== 0;
    const update = () =>
      this.#updateEntry.run(indexId, key, ts, undo, headBefore, stretchOf(ts), documentId).changes !== 0;
    // What is removed is there as a rule, and what is put is not.
    if (documentId === null) update() || insert();
    else insert() || update();
  }

  #insert({ tableId, id, document }: DocumentWrite, { ts }: Moment, undo: number): boolean {
    const { changes } = this.#insertDocument.run(
      tableId,
      id,
      ts,
      undo,
      document?.size ?? 0,
      document?.json ?? null,
    );
    return changes !== 0;
  }

  #update({ tableId, id, document }: DocumentWrite, { ts, headBefore }: Moment, undo: number): boolean {
    const { changes } = this.#updateDocument.run(
      tableId,
      id,
      ts,
      undo,
      headBefore,
      stretchOf(ts),
      document?.size ?? 0,
      document?.json ?? null,
    );
    return changes !== 0;
  }
}

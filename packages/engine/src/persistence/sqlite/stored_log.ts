import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Commit, DocumentWrite, TableId } from "../../log/commit.ts";
import { BEGINNING, type Timestamp } from "../../timestamp.ts";
import { StoreError } from "../store_error.ts";
import { decodeLogBody } from "./log_body.ts";

/** The log's rows, read through one connection. Callers hold a transaction around anything but `head`. */
export class StoredLog {
  readonly #head: StatementSync;
  readonly #start: StatementSync;
  readonly #tail: StatementSync;
  readonly #version: StatementSync;
  readonly #oldVersion: StatementSync;

  /** `database` answers rows as arrays. */
  constructor(database: DatabaseSync) {
    this.#head = database.prepare("SELECT max(ts) FROM log");
    this.#start = database.prepare("SELECT log_start FROM retention");
    this.#tail = database.prepare(
      "SELECT ts, body FROM log WHERE ts > ? AND body IS NOT NULL ORDER BY ts LIMIT ?",
    );
    this.#version = database.prepare(
      "SELECT json, size FROM documents WHERE table_id = ? AND id = ? AND ts = ?",
    );
    this.#oldVersion = database.prepare(
      "SELECT json, size FROM old_documents WHERE table_id = ? AND id = ? AND ts = ?",
    );
  }

  head(): Timestamp {
    const [head] = this.#head.get() as unknown as [Timestamp | null];
    return head ?? BEGINNING;
  }

  /** Behind this timestamp the log is whole. */
  start(): Timestamp {
    const [start] = this.#start.get() as unknown as [Timestamp];
    return start;
  }

  tail(after: Timestamp, limit: number): Commit[] {
    const rows = this.#tail.all(after, limit) as unknown as [Timestamp, string][];
    return rows.map(([ts, text]) => {
      const body = decodeLogBody(text);
      return {
        ts,
        documents: body.documents.map(({ tableId, id, removed }) => this.#write(tableId, id, ts, removed)),
        indexEntries: body.indexEntries,
        touched: body.touched,
        changesCatalog: body.changesCatalog,
      };
    });
  }

  #write(tableId: TableId, id: string, ts: Timestamp, removed: boolean): DocumentWrite {
    if (removed) return { tableId, id, document: null };
    const row = this.#version.get(tableId, id, ts) ?? this.#oldVersion.get(tableId, id, ts);
    if (row === undefined) {
      throw new StoreError(
        "DAMAGED",
        `The log holds a write to document ${JSON.stringify(id)} of table ${tableId} at ${ts}, but the document's version is missing. The database is damaged: restore a backup.`,
      );
    }
    const [json, size] = row as unknown as [string, number];
    return { tableId, id, document: { id, json, size } };
  }
}

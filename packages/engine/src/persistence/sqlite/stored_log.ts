import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Commit, TableId } from "../../log/commit.ts";
import { BEGINNING, type Timestamp } from "../../timestamp.ts";
import { StoreError } from "../store_error.ts";
import { decodeLogBody } from "./log_body.ts";
import { StoredVersions, type Version } from "./stored_versions.ts";

/** The end of the log: its newest commit, and the place in `undo` that the next overwritten version takes. */
export interface LogEnd {
  readonly head: Timestamp;
  readonly undo: number;
}

/** The log's rows, read through one connection. Callers hold a transaction around anything but `head`. */
export class StoredLog {
  readonly #end: StatementSync;
  readonly #start: StatementSync;
  readonly #tail: StatementSync;
  readonly #versions: StoredVersions;

  /** `database` answers rows as arrays. */
  constructor(database: DatabaseSync) {
    this.#end = database.prepare("SELECT ts, undo FROM log ORDER BY ts DESC LIMIT 1");
    this.#start = database.prepare("SELECT log_start FROM retention");
    this.#tail = database.prepare(
      "SELECT ts, body FROM log WHERE ts > ? AND body IS NOT NULL ORDER BY ts LIMIT ?",
    );
    this.#versions = new StoredVersions(database);
  }

  end(): LogEnd {
    const row = this.#end.get() as unknown as [Timestamp, number] | undefined;
    return row === undefined ? { head: BEGINNING, undo: 1 } : { head: row[0], undo: row[1] };
  }

  /** Behind this timestamp the log is whole. */
  start(): Timestamp {
    const [start] = this.#start.get() as unknown as [Timestamp];
    return start;
  }

  tail(after: Timestamp, limit: number): Commit[] {
    const rows = this.#tail.all(after, limit) as unknown as [Timestamp, string][];
    // From the newest back: each document's versions are then met in the order of their chain.
    const reached = new Map<string, Version>();
    const commits: Commit[] = [];
    for (const [ts, text] of rows.reverse()) {
      const body = decodeLogBody(text);
      const documents = body.documents.map(({ tableId, id, removed }) => ({
        tableId,
        id,
        document: removed ? null : this.#document(tableId, id, ts, reached),
      }));
      commits.push({ ts, ...body, documents });
    }
    return commits.reverse();
  }

  #document(tableId: TableId, id: string, ts: Timestamp, reached: Map<string, Version>) {
    const name = `${tableId}:${id}`;
    const version = this.#versions.visible(reached.get(name) ?? this.#versions.document(tableId, id), ts);
    if (version === undefined || version[0] !== ts || version[2] === null) {
      throw new StoreError(
        "DAMAGED",
        `The log holds a write to document ${JSON.stringify(id)} of table ${tableId} at ${ts}, but the document's version is missing. The database is damaged: restore a backup.`,
      );
    }
    reached.set(name, version);
    return { id, json: version[2], size: version[1] };
  }
}

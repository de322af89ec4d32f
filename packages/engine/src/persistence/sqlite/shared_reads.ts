import type { Commit, StoredDocument, TableId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource } from "../persistence.ts";
import { closedStore } from "../store_error.ts";
import type { SqliteReader } from "./sqlite_reader.ts";
import type { SqliteWriter } from "./sqlite_writer.ts";
import { StoredSnapshots } from "./stored_snapshots.ts";

/**
 * Reads on the writer's own connection, whose memory its own commits leave valid. An append, and each slice of a
 * prune or backfill, is one synchronous transaction: a read comes before or behind it, never in between.
 */
export class SharedReads implements SqliteReader {
  readonly #snapshots: StoredSnapshots;
  #isClosed = false;

  constructor(writer: SqliteWriter) {
    this.#snapshots = new StoredSnapshots(writer.database);
  }

  head(): Timestamp {
    return this.#open().head();
  }

  tail(after: Timestamp, limit: number): Commit[] {
    return this.#open().tail(after, limit);
  }

  get(tableId: TableId, id: string, at: Timestamp): StoredDocument | null {
    return this.#open().get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number): IndexRow[] {
    return this.#open().scan(source, range, order, at, limit);
  }

  /** There is nothing to renew: each read sees every append that has ended. */
  renew(): void {
    this.#open();
  }

  /** The connection stays, for what the writer still has to do. */
  close(): void {
    this.#isClosed = true;
  }

  #open(): StoredSnapshots {
    if (this.#isClosed) throw closedStore();
    return this.#snapshots;
  }
}

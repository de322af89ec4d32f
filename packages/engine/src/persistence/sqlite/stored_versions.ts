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
  /** Where the version from before this one's stretch of time lies. */
  far: number | null,
];

/** In microseconds: a hot key's chain is passed over in so long steps, then batch by batch, then version by version. */
const STRETCH = 250_000;

/** The first timestamp of the stretch that `ts` is in. */
export function stretchOf(ts: Timestamp): Timestamp {
  return ts - (ts % STRETCH);
}

/** Finds versions that have been overwritten. A chain only ever grows at its new end, so no transaction is needed. */
export class StoredVersions {
  readonly #document: StatementSync;
  readonly #entry: StatementSync;
  readonly #undo: StatementSync;

  /** `database` answers rows as arrays. */
  constructor(database: DatabaseSync) {
    this.#document = database.prepare(
      "SELECT ts, size, json, undo, skip, far FROM documents WHERE table_id = ? AND id = ?",
    );
    this.#entry = database.prepare(
      "SELECT ts, 0, document_id, undo, skip, far FROM entries WHERE index_id = ? AND key = ?",
    );
    this.#undo = database.prepare("SELECT ts, size, value, undo, skip, far FROM undo WHERE seq = ?");
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

  /** One step back: the longest that does not lead past `at`. */
  #before([, , , undo, skip, far]: Version, at: Timestamp): Version | undefined {
    if (undo === null) return undefined;
    return (
      (far === skip ? undefined : this.#newer(far, undo, at)) ??
      this.#newer(skip, undo, at) ??
      this.#get(undo)
    );
  }

  /** The version at `place`, if that is a step beyond `undo` to one that is still newer than `at`. */
  #newer(place: number | null, undo: number, at: Timestamp): Version | undefined {
    if (place === null || place === undo) return undefined;
    const version = this.#get(place);
    return version !== undefined && version[0] > at ? version : undefined;
  }

  #get(seq: number): Version | undefined {
    return this.#undo.get(seq) as unknown as Version | undefined;
  }
}

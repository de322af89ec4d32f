import type { DatabaseSync } from "node:sqlite";
import type { IndexKey } from "@tandem/values";
import type { IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import { SLICE_ROWS, type SlicedWork } from "./sliced_work.ts";

export interface BackfillEntry {
  readonly key: IndexKey;
  readonly documentId: string;
  readonly ts: Timestamp;
}

type Place = [ts: Timestamp, undo: number | null];

/** See `Persistence.backfill`. */
export function* backfill(
  database: DatabaseSync,
  indexId: IndexId,
  entries: readonly BackfillEntry[],
): SlicedWork<void> {
  // An older version under the same key is a removal that no reader of the index can have asked for.
  const put = database.prepare(`
    INSERT INTO entries VALUES (?, ?, ?, ?, NULL, NULL, NULL)
    ON CONFLICT DO UPDATE SET ts = excluded.ts, document_id = excluded.document_id,
      undo = NULL, skip = NULL, far = NULL
    WHERE excluded.ts > ts`);
  const newest = database.prepare("SELECT ts, undo FROM entries WHERE index_id = ? AND key = ?");
  const older = database.prepare("SELECT ts, undo FROM undo WHERE seq = ?");
  const putOlder = database.prepare("INSERT INTO undo VALUES (?, ?, 0, ?, NULL, NULL, NULL)");

  /** Behind versions that are newer, a removal as a rule: the oldest of them has kept the place before it free. */
  const putBehind = (key: IndexKey, documentId: string, ts: Timestamp) => {
    let version = newest.get(indexId, key) as unknown as Place | undefined;
    while (version !== undefined && version[0] > ts && version[1] !== null) {
      const [, place] = version;
      version = older.get(place) as unknown as Place | undefined;
      if (version === undefined) putOlder.run(place, ts, documentId);
    }
  };

  let rows = 0;
  for (const { key, documentId, ts } of entries) {
    if (put.run(indexId, key, ts, documentId).changes === 0) putBehind(key, documentId, ts);
    if (++rows % SLICE_ROWS === 0) yield;
  }
}

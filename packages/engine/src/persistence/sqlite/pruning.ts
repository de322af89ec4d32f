import type { DatabaseSync } from "node:sqlite";
import type { Timestamp } from "../../timestamp.ts";
import { decodeLogBody } from "./log_body.ts";
import { SLICE_NEIGHBOURS, SLICE_ROWS, type SlicedWork } from "./sliced_work.ts";

type LogRow = [ts: Timestamp, undo: number, removes: 0 | 1];

/**
 * See `Persistence.prune`. Commits without removals cost nothing but the rows of `log` and `undo`, which lie in
 * the order in which they go.
 */
export function* prune(database: DatabaseSync, horizon: Timestamp, budget: number): SlicedWork<number> {
  const oldest = database.prepare(
    "SELECT ts, undo, removes FROM log WHERE ts <= ? AND body IS NOT NULL ORDER BY ts LIMIT ?",
  );
  // The head stays as an empty row, until a later commit is the head.
  const dropBefore = database.prepare("DELETE FROM log WHERE ts < ?");
  const empty = database.prepare("UPDATE log SET body = NULL WHERE ts = ?");
  const setStart = database.prepare("UPDATE retention SET log_start = ?, undo_start = ?");

  let count = 0;
  // What a crash may have left of an earlier round.
  yield* pruneUndo(database);
  while (count < budget) {
    const rows = oldest.all(horizon, Math.min(budget - count, SLICE_NEIGHBOURS)) as unknown as LogRow[];
    if (rows.length === 0) return count;
    const removal = rows.findIndex(([, , removes]) => removes === 1);
    const gone = removal < 0 ? rows : rows.slice(0, Math.max(1, removal));
    if (removal === 0) yield* pruneRemovals(database, rows[0]![0]);
    const [ts, undo] = gone.at(-1)!;
    setStart.run(ts, undo);
    dropBefore.run(ts);
    empty.run(ts);
    count += gone.length;
    yield;
    yield* pruneUndo(database);
  }
  return count;
}

/** No snapshot that retention holds leads to what lies before `undo_start`. */
function* pruneUndo(database: DatabaseSync): SlicedWork<void> {
  const bounds = database.prepare("SELECT (SELECT min(seq) FROM undo), undo_start FROM retention");
  const drop = database.prepare("DELETE FROM undo WHERE seq < ?");
  for (;;) {
    const [first, end] = bounds.get() as unknown as [number | null, number];
    if (first === null || first >= end) return;
    drop.run(Math.min(first + SLICE_NEIGHBOURS, end));
    yield;
  }
}

/** A removal is given back too, unless its key was written again: then it lies in `undo`. */
function* pruneRemovals(database: DatabaseSync, ts: Timestamp): SlicedWork<void> {
  const dropDocument = database.prepare(
    "DELETE FROM documents WHERE table_id = ? AND id = ? AND ts = ? AND json IS NULL",
  );
  const dropEntry = database.prepare(
    "DELETE FROM entries WHERE index_id = ? AND key = ? AND ts = ? AND document_id IS NULL",
  );
  const [text] = database.prepare("SELECT body FROM log WHERE ts = ?").get(ts) as unknown as [string];
  const { documents, indexEntries } = decodeLogBody(text);
  let rows = 0;
  for (const { tableId, id, removed } of documents) {
    if (!removed) continue;
    dropDocument.run(tableId, id, ts);
    if (++rows % SLICE_ROWS === 0) yield;
  }
  for (const { indexId, key, documentId } of indexEntries) {
    if (documentId !== null) continue;
    dropEntry.run(indexId, key, ts);
    if (++rows % SLICE_ROWS === 0) yield;
  }
}

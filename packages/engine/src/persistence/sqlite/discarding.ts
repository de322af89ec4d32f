import type { DatabaseSync } from "node:sqlite";
import type { Discarded } from "../persistence.ts";
import { SLICE_NEIGHBOURS, type SlicedWork } from "./sliced_work.ts";

/** See `Persistence.discard`. What lies in `undo` goes with the commits that put it there. */
export function* discard(database: DatabaseSync, what: Discarded, budget: number): SlicedWork<number> {
  const dropEntries = database.prepare(`
    DELETE FROM entries WHERE index_id = ?1 AND key IN (SELECT key FROM entries WHERE index_id = ?1 LIMIT ?2 + 0)`);
  const dropDocuments = database.prepare(`
    DELETE FROM documents WHERE table_id = ?1 AND id IN (SELECT id FROM documents WHERE table_id = ?1 LIMIT ?2 + 0)`);
  let count = 0;
  for (const [drop, ids] of [[dropEntries, what.indexes] as const, [dropDocuments, what.tables] as const]) {
    for (const id of ids) {
      for (;;) {
        const wanted = Math.min(budget - count, SLICE_NEIGHBOURS);
        if (wanted <= 0) return count;
        const changes = Number(drop.run(id, wanted).changes);
        count += changes;
        yield;
        if (changes < wanted) break;
      }
    }
  }
  return count;
}

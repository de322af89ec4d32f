import { encodeIndexKey } from "@tandem/values";
import type { Commit, DocumentWrite, IndexWrite, StoredDocument, TouchedKey } from "../log/commit.ts";
import type { Timestamp } from "../timestamp.ts";
import type { IndexRow, KeyRange, ScanOrder, ScanSource } from "./persistence.ts";

/** The one table of the contract suite, and its one stored index, on the field `rank`. */
export const TABLE = 10_001;
export const BY_ID = 1;
export const BY_RANK = 2;
export const documents: ScanSource = { kind: "documents", tableId: TABLE };
export const byRank: ScanSource = { kind: "entries", tableId: TABLE, indexId: BY_RANK };
export const everything: KeyRange = { start: "", end: null };

/** Document id → its new `rank`, or `null` for a deletion. */
export type Changes = { readonly [id: string]: number | null };

export const rankKey = (rank: number, id: string) => encodeIndexKey([rank, id]);

export function storedDocument(id: string, rank: number, ts: Timestamp): StoredDocument {
  const json = JSON.stringify({ _id: id, rank, ts, text: "zero \0, é, 💾" });
  return { id, json, size: json.length };
}

/**
 * The plainest thing that behaves as a store should: it keeps every state that ever was, whole. It also makes
 * the commits that lead from one state to the next, as a transaction would.
 */
export class NaiveStore {
  readonly commits: Commit[] = [];
  readonly #states: { ts: Timestamp; ranks: Map<string, { rank: number; document: StoredDocument }> }[] = [
    { ts: 0, ranks: new Map() },
  ];

  get head(): Timestamp {
    return this.#states.at(-1)!.ts;
  }

  commit(ts: Timestamp, changes: Changes): Commit {
    const ranks = new Map(this.#states.at(-1)!.ranks);
    const documentWrites: DocumentWrite[] = [];
    const entryWrites: IndexWrite[] = [];
    const touched: TouchedKey[] = [];
    for (const [id, rank] of Object.entries(changes)) {
      const before = ranks.get(id);
      const document = rank === null ? null : storedDocument(id, rank, ts);
      touched.push({ indexId: BY_ID, key: encodeIndexKey([id]) });
      if (before !== undefined) touched.push({ indexId: BY_RANK, key: rankKey(before.rank, id) });
      if (before !== undefined && before.rank !== rank) {
        entryWrites.push({ indexId: BY_RANK, key: rankKey(before.rank, id), documentId: null });
      }
      if (rank !== null && document !== null) {
        touched.push({ indexId: BY_RANK, key: rankKey(rank, id) });
        if (before?.rank !== rank) {
          entryWrites.push({ indexId: BY_RANK, key: rankKey(rank, id), documentId: id });
        }
        ranks.set(id, { rank, document });
      } else ranks.delete(id);
      documentWrites.push({ tableId: TABLE, id, document });
    }
    this.#states.push({ ts, ranks });
    const commit = {
      ts,
      documents: documentWrites,
      indexEntries: entryWrites,
      touched,
      changesCatalog: ts % 2 === 0,
    };
    this.commits.push(commit);
    return commit;
  }

  get(id: string, at: Timestamp): StoredDocument | null {
    return this.#stateAt(at).get(id)?.document ?? null;
  }

  scan(
    source: ScanSource,
    range: KeyRange,
    order: ScanOrder,
    at: Timestamp,
    limit = Number.POSITIVE_INFINITY,
  ): IndexRow[] {
    const rows = [...this.#stateAt(at).values()].map(({ rank, document }) => ({
      key: source.kind === "documents" ? encodeIndexKey([document.id]) : rankKey(rank, document.id),
      document,
    }));
    const inRange = rows.filter(({ key }) => key >= range.start && (range.end === null || key < range.end));
    inRange.sort((a, b) => (a.key < b.key ? -1 : 1));
    return (order === "asc" ? inRange : inRange.reverse()).slice(0, limit);
  }

  #stateAt(at: Timestamp) {
    return this.#states.findLast(({ ts }) => ts <= at)?.ranks ?? new Map();
  }
}

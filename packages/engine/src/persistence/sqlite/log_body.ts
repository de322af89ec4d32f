import type { IndexKey } from "@tandem/values";
import type { Commit, IndexId, IndexWrite, TableId, TouchedKey } from "../../log/commit.ts";

/** What a log row says of a commit. The documents' text is not repeated: it is found by table, id and timestamp. */
export interface LogBody {
  readonly documents: readonly {
    readonly tableId: TableId;
    readonly id: string;
    readonly removed: boolean;
  }[];
  readonly indexEntries: readonly IndexWrite[];
  readonly touched: readonly TouchedKey[];
  readonly changesCatalog: boolean;
}

type Row = [
  documents: (TableId | string | 0 | 1)[],
  entries: (IndexId | IndexKey | string | null)[],
  touched: (IndexId | IndexKey)[],
  changesCatalog: 0 | 1,
];

/** Lists without braces or names: a log row is written for every commit and read for few. */
export function encodeLogBody(commit: Commit): string {
  const row: Row = [[], [], [], commit.changesCatalog ? 1 : 0];
  for (const { tableId, id, document } of commit.documents)
    row[0].push(tableId, id, document === null ? 1 : 0);
  for (const { indexId, key, documentId } of commit.indexEntries) row[1].push(indexId, key, documentId);
  for (const { indexId, key } of commit.touched) row[2].push(indexId, key);
  return JSON.stringify(row);
}

export function decodeLogBody(text: string): LogBody {
  const [documents, entries, touched, changesCatalog] = JSON.parse(text) as Row;
  return {
    documents: grouped(documents, 3, ([tableId, id, removed]) => ({
      tableId: tableId as TableId,
      id: id as string,
      removed: removed === 1,
    })),
    indexEntries: grouped(entries, 3, ([indexId, key, documentId]) => ({
      indexId: indexId as IndexId,
      key: key as IndexKey,
      documentId: documentId as string | null,
    })),
    touched: grouped(touched, 2, ([indexId, key]) => ({ indexId: indexId as IndexId, key: key as IndexKey })),
    changesCatalog: changesCatalog === 1,
  };
}

function grouped<T, U>(list: readonly T[], size: number, make: (group: T[]) => U): U[] {
  return Array.from({ length: list.length / size }, (_, i) => make(list.slice(i * size, (i + 1) * size)));
}

import type { Commit, DocumentWrite, IndexWrite, TableId, TouchedKey } from "../../log/commit.ts";

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

/** Where in the text the numbers end: everything behind is the strings, one after another. */
const NUMBERS_END = "\n";
/** In place of a string's length. */
const NO_STRING = -1;

/**
 * Numbers and lengths, then all strings as they are: index keys are full of control characters, which JSON would
 * write with six letters each, and a row is written for every commit and read for few.
 */
export function encodeLogBody(commit: Commit): string {
  const { documents, indexEntries, touched, changesCatalog } = commit;
  let numbers = `${changesCatalog ? 1 : 0},${documents.length},${indexEntries.length},${touched.length}`;
  let strings = "";
  for (const { tableId, id, document } of documents) {
    numbers += `,${tableId},${id.length},${document === null ? 1 : 0}`;
    strings += id;
  }
  for (const { indexId, key, documentId } of indexEntries) {
    numbers += `,${indexId},${key.length},${documentId === null ? NO_STRING : documentId.length}`;
    strings += key;
    if (documentId !== null) strings += documentId;
  }
  for (const { indexId, key } of touched) {
    numbers += `,${indexId},${key.length}`;
    strings += key;
  }
  return numbers + NUMBERS_END + strings;
}

export function decodeLogBody(text: string): LogBody {
  const numbersEnd = text.indexOf(NUMBERS_END);
  const numbers = text.slice(0, numbersEnd).split(",").map(Number);
  let at = 4;
  let position = numbersEnd + NUMBERS_END.length;
  const number = () => numbers[at++]!;
  const string = (length: number) => {
    position += length;
    return text.slice(position - length, position);
  };
  const list = <T>(length: number | undefined, one: () => T) => Array.from({ length: length ?? 0 }, one);
  return {
    documents: list(numbers[1], () => ({ tableId: number(), id: string(number()), removed: number() === 1 })),
    indexEntries: list(numbers[2], () => {
      const indexId = number();
      const key = string(number());
      const length = number();
      return { indexId, key, documentId: length === NO_STRING ? null : string(length) };
    }),
    touched: list(numbers[3], () => ({ indexId: number(), key: string(number()) })),
    changesCatalog: numbers[0] === 1,
  };
}

/** Whether pruning has removals of this commit to give back. */
export function removesSomething(commit: {
  readonly documents: readonly Pick<DocumentWrite, "document">[];
  readonly indexEntries: readonly Pick<IndexWrite, "documentId">[];
}): boolean {
  return (
    commit.documents.some(({ document }) => document === null) ||
    commit.indexEntries.some(({ documentId }) => documentId === null)
  );
}

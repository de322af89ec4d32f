import type { JSONValue } from "@tandem/values";
import { InvariantError } from "../errors.ts";
import type { IndexId } from "../log/commit.ts";
import type { Store } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import { keyOfStored, keyTail } from "./key_of_document.ts";

/** Documents worked through at once. */
const SLICE = 500;

/** What a backfill needs of the engine. Both move on while it runs. */
export interface BackfillSource {
  readonly durable: Timestamp;
  readonly catalog: CatalogImage;
}

/**
 * Adds the index entries of documents that were there before their index. Documents written since the index
 * exists have theirs already, which stay as they are: so each slice may be read at the newest snapshot, a walk
 * may take longer than any snapshot lives, and after a crash it simply starts again.
 *
 * Answers false when the index was dropped meanwhile.
 */
export async function backfillIndex(
  indexId: IndexId,
  source: BackfillSource,
  store: Store,
  progress: (documents: number) => void,
): Promise<boolean> {
  let start = "";
  let documents = 0;
  for (;;) {
    const index = source.catalog.indexById(indexId);
    if (index === null) return false;
    if (index.name === "by_creation_time") {
      throw new InvariantError(
        "by_creation_time is there from a table's first document on: it has no backfill.",
      );
    }
    const at = source.durable;
    const { tableId } = index;
    const range = { start, end: null };
    const rows = await store.scan({ kind: "documents", tableId }, range, "asc", at, SLICE);
    if (rows.length > 0) {
      await store.backfill(
        indexId,
        rows.map(({ key: idKey, document }) => {
          const json = JSON.parse(document.json) as { [field: string]: JSONValue };
          const tail = keyTail(json._creationTime as number, idKey);
          return { key: keyOfStored(index, json, tail), documentId: document.id, ts: at };
        }),
      );
      documents += rows.length;
      progress(documents);
    }
    if (rows.length < SLICE) return true;
    start = `${rows[rows.length - 1]!.key}\0`;
  }
}

import type { Value } from "@tandem/values";
import type { StoredDocument } from "../log/commit.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { IndexRow, KeyRange, ScanOrder } from "../persistence/persistence.ts";
import type { Catalog } from "../tables/catalog.ts";

export type DocumentFields = { [field: string]: Value | undefined };

/**
 * What a function sees of the database. Tables and indexes go by name inside the namespace of the transaction.
 * Every read is recorded in the read set before it is made; every write is seen by the reads after it.
 */
export interface DatabaseReader {
  readonly catalog: Catalog;

  /** The document, or `null`; also `null` when no table has the id's number. Throws on text that is no id. */
  get(id: string): MaybePromise<StoredDocument | null>;

  /**
   * Up to `limit` rows of the index `table.index` in `range`. A table that does not exist has no rows (and the
   * read set remembers that it did not); an index that does not exist throws `IndexNotFoundError`.
   * The recorded range is only what was looked at: when `limit` rows came back, it ends behind the last of them.
   */
  scan(
    table: string,
    index: string,
    range: KeyRange,
    order: ScanOrder,
    limit: number,
  ): MaybePromise<IndexRow[]>;
}

export interface DatabaseWriter extends DatabaseReader {
  /** Inserts and answers the new id. Creates the table when it does not exist yet. */
  insert(table: string, fields: DocumentFields): MaybePromise<string>;
  /** Replaces all but the system fields. Answers the new document. */
  replace(id: string, fields: DocumentFields): MaybePromise<StoredDocument>;
  /** A shallow merge: a field given as `undefined` is removed. Answers the new document. */
  patch(id: string, fields: DocumentFields): MaybePromise<StoredDocument>;
  /** Answers the document that was deleted. */
  remove(id: string): MaybePromise<StoredDocument>;
}

/** A read of one key beyond the tables of the catalog: small rows with their own ids and no index. */
export interface PlainRows {
  /** The text of row `id` in the plain system table `table`, or `null`. Recorded in the read set. */
  getRow(table: string, id: string): MaybePromise<string | null>;
  /** Writes (or with `null` removes) row `id` of the plain system table `table`. */
  putRow(table: string, id: string, json: string | null): void;
  /**
   * Rows of the plain system table `table`, in the order of their ids: all, or the first `limit` after the id
   * `after`, and before the id `before` when that is given. Recorded in the read set.
   */
  scanRows(
    table: string,
    part?: { after: string; before?: string; limit: number },
  ): MaybePromise<{ id: string; json: string }[]>;
}

import type { IndexKey } from "@tandem/values";
import type { Timestamp } from "../timestamp.ts";

/** A table's number inside the engine, never reused. System tables have the numbers 1 to 9999. */
export type TableId = number;

/** An index's number inside the engine, never reused; `by_id` and `by_creation_time` have one per table too. */
export type IndexId = number;

/** A document as stored: its whole JSON text in Convex encoding, `_id` and `_creationTime` included. */
export interface StoredDocument {
  readonly id: string;
  readonly json: string;
  /** Bytes by the size formula of P §4.2, kept so that reads can be counted without parsing. */
  readonly size: number;
}

/** The new version of a document; `null` is a deletion. */
export interface DocumentWrite {
  readonly tableId: TableId;
  readonly id: string;
  readonly document: StoredDocument | null;
}

/**
 * A changed entry of a stored index: `key` now leads to `documentId`, or to nothing. An update that leaves a key
 * as it was writes no entry. `by_id` is never stored: the documents themselves are ordered by it.
 */
export interface IndexWrite {
  readonly indexId: IndexId;
  readonly key: IndexKey;
  readonly documentId: string | null;
}

/** A position in an index whose reader would see a difference: the keys of the old and of the new version. */
export interface TouchedKey {
  readonly indexId: IndexId;
  readonly key: IndexKey;
}

/** What a transaction changes, before it has a timestamp. */
export interface WriteSet {
  readonly documents: readonly DocumentWrite[];
  readonly indexEntries: readonly IndexWrite[];
  /** Every index of every written document, stored or not, unchanged keys included. */
  readonly touched: readonly TouchedKey[];
  /** True when tables, indexes, schemas or functions change: transactions begun under the old ones start again. */
  readonly changesCatalog: boolean;
}

/** A commit as those see it who only want to know what it changed. */
export interface PublishedCommit {
  readonly ts: Timestamp;
  readonly touched: readonly TouchedKey[];
  readonly changesCatalog: boolean;
  /** May be left out unless it changes the catalog. */
  readonly documents: readonly DocumentWrite[];
}

/** One entry of the log. */
export interface Commit extends WriteSet {
  readonly ts: Timestamp;
}

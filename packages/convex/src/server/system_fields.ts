import type { GenericId } from "@tandem/values";
import type { GenericDocument } from "./data_model.ts";
import type { BetterOmit, Expand } from "./type_shapes.ts";

/** What the server adds to every document beside its id. `_creationTime` is in milliseconds since 1970 (P §4.4). */
export type SystemFields = { _creationTime: number };

/** The id field of a table's documents. */
export type IdField<TableName extends string> = { _id: GenericId<TableName> };

/** A document as it is given to `db.insert`: without `_id` and `_creationTime`. */
export type WithoutSystemFields<Document extends GenericDocument> = Expand<
  BetterOmit<Document, keyof SystemFields | "_id">
>;

/** A document as it is given to `db.replace`: the system fields may be there or not. */
export type WithOptionalSystemFields<Document extends GenericDocument> = Expand<
  WithoutSystemFields<Document> & Partial<Pick<Document, keyof SystemFields | "_id">>
>;

/** The indexes that every table has (R §1.7). */
export type SystemIndexes = { by_id: ["_id"]; by_creation_time: ["_creationTime"] };

/** The field that follows the declared fields of every index. */
export type IndexTiebreakerField = "_creationTime";

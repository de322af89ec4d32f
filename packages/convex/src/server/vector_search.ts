import type { GenericId, Value } from "@tandem/values";
import type {
  DocumentByInfo,
  FieldTypeFromFieldPath,
  GenericDataModel,
  GenericDocument,
  GenericTableInfo,
  GenericVectorIndexConfig,
  NamedTableInfo,
  NamedVectorIndex,
  TableNamesInDataModel,
  VectorIndexNames,
} from "./data_model.ts";

declare const isFilterExpression: unique symbol;

/** A condition of a vector search, made by a {@link VectorFilterBuilder}. `T` only guides inference. */
// biome-ignore lint/correctness/noUnusedVariables: see above.
export interface FilterExpression<T extends Value | undefined> {
  readonly [isFilterExpression]: true;
}

/** What to search for. */
export interface VectorSearchQuery<
  TableInfo extends GenericTableInfo,
  IndexName extends VectorIndexNames<TableInfo>,
> {
  /** As long as the dimensions of the index. */
  vector: number[];
  /** How many results at most, 1 to 256; 10 when left out. */
  limit?: number;
  /** Which documents to look at. */
  filter?: (
    q: VectorFilterBuilder<DocumentByInfo<TableInfo>, NamedVectorIndex<TableInfo, IndexName>>,
  ) => FilterExpression<boolean>;
}

/** `ctx.vectorSearch`: the nearest documents, with a score of -1 (opposite) to 1 (same direction). */
export type VectorSearch<
  DataModel extends GenericDataModel,
  TableName extends TableNamesInDataModel<DataModel>,
  IndexName extends VectorIndexNames<NamedTableInfo<DataModel, TableName>>,
> = (
  tableName: TableName,
  indexName: IndexName,
  query: VectorSearchQuery<NamedTableInfo<DataModel, TableName>, IndexName>,
) => Promise<Array<{ _id: GenericId<TableName>; _score: number }>>;

/** What `filter: q => …` builds conditions with. */
export interface VectorFilterBuilder<
  Document extends GenericDocument,
  VectorIndexConfig extends GenericVectorIndexConfig,
> {
  /** Only documents whose filter field equals `value`. */
  eq<FieldName extends VectorIndexConfig["filterFields"]>(
    fieldName: FieldName,
    value: FieldTypeFromFieldPath<Document, FieldName>,
  ): FilterExpression<boolean>;
  /** Any of several conditions. */
  or(...exprs: Array<FilterExpression<boolean>>): FilterExpression<boolean>;
}

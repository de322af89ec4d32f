import type {
  DocumentByInfo,
  GenericTableInfo,
  IndexNames,
  NamedIndex,
  NamedSearchIndex,
  SearchIndexNames,
} from "./data_model.ts";
import type { ExpressionOrValue, FilterBuilder } from "./filter_builder.ts";
import type { IndexRange, IndexRangeBuilder } from "./index_range_builder.ts";
import type { PaginationOptions, PaginationResult } from "./pagination.ts";
import type { SearchFilter, SearchFilterBuilder } from "./search_filter_builder.ts";

/** A query over a table, before it is said how the table is read. Read as it stands, it goes by creation time. */
export interface QueryInitializer<TableInfo extends GenericTableInfo> extends Query<TableInfo> {
  /** Reads the whole table. Costs grow with the table. */
  fullTableScan(): Query<TableInfo>;
  /** Reads through an index: all of it, or the range that `indexRange` builds. */
  withIndex<IndexName extends IndexNames<TableInfo>>(
    indexName: IndexName,
    indexRange?: (
      q: IndexRangeBuilder<DocumentByInfo<TableInfo>, NamedIndex<TableInfo, IndexName>>,
    ) => IndexRange,
  ): Query<TableInfo>;
  /** Reads through a search index, the most relevant first. */
  withSearchIndex<IndexName extends SearchIndexNames<TableInfo>>(
    indexName: IndexName,
    searchFilter: (
      q: SearchFilterBuilder<DocumentByInfo<TableInfo>, NamedSearchIndex<TableInfo, IndexName>>,
    ) => SearchFilter,
  ): OrderedQuery<TableInfo>;
}

/** A query whose order may still be chosen. */
export interface Query<TableInfo extends GenericTableInfo> extends OrderedQuery<TableInfo> {
  /** The order of the index, or its reverse. At most once. */
  order(order: "asc" | "desc"): OrderedQuery<TableInfo>;
}

/**
 * A query that is ready to be read, by one of its methods or by `for await`. Each is used once: a method that chains
 * takes the query over, and one that reads uses it up.
 */
export interface OrderedQuery<TableInfo extends GenericTableInfo>
  extends AsyncIterable<DocumentByInfo<TableInfo>> {
  /** Keeps the documents for which a condition holds. They are read all the same: an index range is cheaper. */
  filter(predicate: (q: FilterBuilder<TableInfo>) => ExpressionOrValue<boolean>): this;
  /** One page of the results. Once per function. */
  paginate(paginationOpts: PaginationOptions): Promise<PaginationResult<DocumentByInfo<TableInfo>>>;
  /** All results. */
  collect(): Promise<Array<DocumentByInfo<TableInfo>>>;
  /** The first `n` results. */
  take(n: number): Promise<Array<DocumentByInfo<TableInfo>>>;
  /** The first result, `null` when there is none. */
  first(): Promise<DocumentByInfo<TableInfo> | null>;
  /** The only result, `null` when there is none. @throws when there are several. */
  unique(): Promise<DocumentByInfo<TableInfo> | null>;
}

import type { FieldTypeFromFieldPath, GenericDocument, GenericSearchIndexConfig } from "./data_model.ts";

declare const searchFilter: unique symbol;

/** A finished search. Obtained from {@link SearchFilterBuilder} only. */
export interface SearchFilter {
  readonly [searchFilter]: true;
}

/** What `.withSearchIndex(name, q => …)` begins with: the text to look for. */
export interface SearchFilterBuilder<
  Document extends GenericDocument,
  SearchIndexConfig extends GenericSearchIndexConfig,
> {
  /** Documents whose text holds words of `query`, the most relevant first (R §3.9). */
  search(
    fieldName: SearchIndexConfig["searchField"],
    query: string,
  ): SearchFilterFinalizer<Document, SearchIndexConfig>;
}

/** A search that may be narrowed by the filter fields of its index. */
export interface SearchFilterFinalizer<
  Document extends GenericDocument,
  SearchIndexConfig extends GenericSearchIndexConfig,
> extends SearchFilter {
  /** Only documents whose filter field equals `value`. */
  eq<FieldName extends SearchIndexConfig["filterFields"]>(
    fieldName: FieldName,
    value: FieldTypeFromFieldPath<Document, FieldName>,
  ): SearchFilterFinalizer<Document, SearchIndexConfig>;
}

import type { Value } from "@tandem/values";
import type { SystemIndexes } from "./system_fields.ts";

/** A document of any table. */
export type GenericDocument = Record<string, Value>;

/** All paths to fields of a document, nested ones written with dots: `"name" | "address.city"`. */
export type GenericFieldPaths = string;

/** The fields of an index, in the order in which they sort. */
export type GenericIndexFields = string[];

/** The indexes of a table, by name. */
export type GenericTableIndexes = Record<string, GenericIndexFields>;

/** What a search index looks at: the field with the text, and the fields to filter by. */
export type GenericSearchIndexConfig = { searchField: string; filterFields: string };

/** The search indexes of a table, by name. */
export type GenericTableSearchIndexes = Record<string, GenericSearchIndexConfig>;

/** What a vector index looks at: the field with the vector, its length, and the fields to filter by. */
export type GenericVectorIndexConfig = { vectorField: string; dimensions: number; filterFields: string };

/** The vector indexes of a table, by name. */
export type GenericTableVectorIndexes = Record<string, GenericVectorIndexConfig>;

/** The type of `Key` in each member of a union, `Default` where a member does not have it. */
type MemberField<T, Key, Default> = T extends T ? (Key extends keyof T ? T[Key] : Default) : never;

/** The type that a (dotted) path leads to in a document. */
export type FieldTypeFromFieldPath<Document extends GenericDocument, FieldPath extends string> =
  FieldTypeFromFieldPathInner<Document, FieldPath> extends Value | undefined
    ? FieldTypeFromFieldPathInner<Document, FieldPath>
    : Value | undefined;

/** One step of {@link FieldTypeFromFieldPath}, before the result is known to be a value. */
export type FieldTypeFromFieldPathInner<
  Document extends GenericDocument,
  FieldPath extends string,
> = FieldPath extends `${infer First}.${infer Rest}`
  ? MemberField<Document, First, Record<never, never>> extends infer Inner
    ? Inner extends GenericDocument
      ? FieldTypeFromFieldPath<Inner, Rest>
      : undefined
    : undefined
  : MemberField<Document, FieldPath, undefined>;

/** All that the types know of a table. */
export type GenericTableInfo = {
  document: GenericDocument;
  fieldPaths: GenericFieldPaths;
  indexes: GenericTableIndexes;
  searchIndexes: GenericTableSearchIndexes;
  vectorIndexes: GenericTableVectorIndexes;
};

/** The document of a table. */
export type DocumentByInfo<TableInfo extends GenericTableInfo> = TableInfo["document"];

/** The field paths of a table. */
export type FieldPaths<TableInfo extends GenericTableInfo> = TableInfo["fieldPaths"];

/** The indexes of a table, with the built-in ones. */
export type Indexes<TableInfo extends GenericTableInfo> = TableInfo["indexes"];

/** The names of a table's indexes. */
export type IndexNames<TableInfo extends GenericTableInfo> = keyof Indexes<TableInfo>;

/** The fields of one index of a table. */
export type NamedIndex<
  TableInfo extends GenericTableInfo,
  IndexName extends IndexNames<TableInfo>,
> = Indexes<TableInfo>[IndexName];

/** The search indexes of a table. */
export type SearchIndexes<TableInfo extends GenericTableInfo> = TableInfo["searchIndexes"];

/** The names of a table's search indexes. */
export type SearchIndexNames<TableInfo extends GenericTableInfo> = keyof SearchIndexes<TableInfo>;

/** One search index of a table. */
export type NamedSearchIndex<
  TableInfo extends GenericTableInfo,
  IndexName extends SearchIndexNames<TableInfo>,
> = SearchIndexes<TableInfo>[IndexName];

/** The vector indexes of a table. */
export type VectorIndexes<TableInfo extends GenericTableInfo> = TableInfo["vectorIndexes"];

/** The names of a table's vector indexes. */
export type VectorIndexNames<TableInfo extends GenericTableInfo> = keyof VectorIndexes<TableInfo>;

/** One vector index of a table. */
export type NamedVectorIndex<
  TableInfo extends GenericTableInfo,
  IndexName extends VectorIndexNames<TableInfo>,
> = VectorIndexes<TableInfo>[IndexName];

/** The tables of a project, by name. */
export type GenericDataModel = Record<string, GenericTableInfo>;

/** The data model of a project without a schema: any table, any document. */
export type AnyDataModel = {
  [tableName: string]: {
    // biome-ignore lint/suspicious/noExplicitAny: without a schema a document may be anything.
    document: any;
    fieldPaths: GenericFieldPaths;
    indexes: SystemIndexes;
    // biome-ignore lint/complexity/noBannedTypes: no index has a name, and `{}` is the map with no names.
    searchIndexes: {};
    // biome-ignore lint/complexity/noBannedTypes: as above.
    vectorIndexes: {};
  };
};

/** The names of a data model's tables. */
export type TableNamesInDataModel<DataModel extends GenericDataModel> = keyof DataModel & string;

/** What the types know of the table with this name. */
export type NamedTableInfo<
  DataModel extends GenericDataModel,
  TableName extends keyof DataModel,
> = DataModel[TableName];

/** The document of the table with this name. */
export type DocumentByName<
  DataModel extends GenericDataModel,
  TableName extends TableNamesInDataModel<DataModel>,
> = DataModel[TableName]["document"];

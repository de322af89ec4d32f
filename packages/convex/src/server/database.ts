import type { CommitTsPlaceholder, GenericId } from "@tandem/values";
import type {
  DocumentByName,
  GenericDataModel,
  NamedTableInfo,
  TableNamesInDataModel,
} from "./data_model.ts";
import type { QueryInitializer } from "./query.ts";
import type { SystemDataModel } from "./system_data_model.ts";
import type { WithOptionalSystemFields, WithoutSystemFields } from "./system_fields.ts";

/** Keeps the compiler from taking a union of table names for one name. */
type NonUnion<T> = T extends never ? never : T;

/** The fields to change: one that is optional may be `undefined`, which removes it. */
type PatchValue<T> = { [P in keyof T]?: undefined extends T[P] ? T[P] | undefined : T[P] };

interface BaseDatabaseReader<DataModel extends GenericDataModel> {
  /** The document with an id, `null` when there is none. */
  get<TableName extends TableNamesInDataModel<DataModel>>(
    table: TableName,
    id: GenericId<NonUnion<TableName>>,
  ): Promise<DocumentByName<DataModel, TableName> | null>;
  get<TableName extends TableNamesInDataModel<DataModel>>(
    id: GenericId<TableName>,
  ): Promise<DocumentByName<DataModel, TableName> | null>;
  /** Begins a query over a table. */
  query<TableName extends TableNamesInDataModel<DataModel>>(
    tableName: TableName,
  ): QueryInitializer<NamedTableInfo<DataModel, TableName>>;
  /** The id that a string holds, `null` unless it is one of this table. The document need not exist. */
  normalizeId<TableName extends TableNamesInDataModel<DataModel>>(
    tableName: TableName,
    id: string,
  ): GenericId<TableName> | null;
}

interface BaseDatabaseReaderWithTable<DataModel extends GenericDataModel> {
  table<TableName extends TableNamesInDataModel<DataModel>>(
    tableName: TableName,
  ): BaseTableReader<DataModel, TableName>;
}

/** Reads one table. */
export interface BaseTableReader<
  DataModel extends GenericDataModel,
  TableName extends TableNamesInDataModel<DataModel>,
> {
  get(id: GenericId<TableName>): Promise<DocumentByName<DataModel, TableName> | null>;
  query(): QueryInitializer<NamedTableInfo<DataModel, TableName>>;
}

/** `ctx.db` of queries. */
export interface GenericDatabaseReader<DataModel extends GenericDataModel>
  extends BaseDatabaseReader<DataModel> {
  /** The tables of the system: stored files and scheduled functions. */
  system: BaseDatabaseReader<SystemDataModel>;
}

/** `ctx.db` of queries, a table at a time. */
export interface GenericDatabaseReaderWithTable<DataModel extends GenericDataModel>
  extends BaseDatabaseReaderWithTable<DataModel> {
  system: BaseDatabaseReaderWithTable<SystemDataModel>;
}

/** `ctx.db` of mutations. All writes of a mutation happen together, or not at all. */
export interface GenericDatabaseWriter<DataModel extends GenericDataModel>
  extends GenericDatabaseReader<DataModel> {
  /** Adds a document and returns its id. */
  insert<TableName extends TableNamesInDataModel<DataModel>>(
    table: TableName,
    value: WithoutSystemFields<DocumentByName<DataModel, TableName>>,
  ): Promise<GenericId<TableName>>;
  /** Changes some fields of a document; `undefined` removes a field. @throws when there is no such document. */
  patch<TableName extends TableNamesInDataModel<DataModel>>(
    table: TableName,
    id: GenericId<NonUnion<TableName>>,
    value: PatchValue<DocumentByName<DataModel, TableName>>,
  ): Promise<void>;
  patch<TableName extends TableNamesInDataModel<DataModel>>(
    id: GenericId<TableName>,
    value: PatchValue<DocumentByName<DataModel, TableName>>,
  ): Promise<void>;
  /** Puts a document in the place of another; id and creation time stay. @throws when there is no such document. */
  replace<TableName extends TableNamesInDataModel<DataModel>>(
    table: TableName,
    id: GenericId<NonUnion<TableName>>,
    value: WithOptionalSystemFields<DocumentByName<DataModel, TableName>>,
  ): Promise<void>;
  replace<TableName extends TableNamesInDataModel<DataModel>>(
    id: GenericId<TableName>,
    value: WithOptionalSystemFields<DocumentByName<DataModel, TableName>>,
  ): Promise<void>;
  /** Removes a document. @throws when there is no such document. */
  delete<TableName extends TableNamesInDataModel<DataModel>>(
    table: TableName,
    id: GenericId<NonUnion<TableName>>,
  ): Promise<void>;
  delete(id: GenericId<TableNamesInDataModel<DataModel>>): Promise<void>;
  /** Values that only the commit knows. */
  vars: {
    /** Stands for the timestamp of this mutation's commit, in fields of type `v.commitTs()`. */
    commitTs: CommitTsPlaceholder;
  };
}

/** `ctx.db` of mutations, a table at a time. */
export interface GenericDatabaseWriterWithTable<DataModel extends GenericDataModel>
  extends GenericDatabaseReaderWithTable<DataModel> {
  table<TableName extends TableNamesInDataModel<DataModel>>(
    tableName: TableName,
  ): BaseTableWriter<DataModel, TableName>;
}

/** Reads and writes one table. */
export interface BaseTableWriter<
  DataModel extends GenericDataModel,
  TableName extends TableNamesInDataModel<DataModel>,
> extends BaseTableReader<DataModel, TableName> {
  insert(value: WithoutSystemFields<DocumentByName<DataModel, TableName>>): Promise<GenericId<TableName>>;
  patch(id: GenericId<TableName>, value: PatchValue<DocumentByName<DataModel, TableName>>): Promise<void>;
  replace(
    id: GenericId<TableName>,
    value: WithOptionalSystemFields<DocumentByName<DataModel, TableName>>,
  ): Promise<void>;
  delete(id: GenericId<TableName>): Promise<void>;
}

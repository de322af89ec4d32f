// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import type { GenericId, Validator, VFloat64, VId, VObject, VUnion } from "@tandem/values";
import type { AnyDataModel, GenericDataModel } from "./data_model.ts";
import type { SchemaDefinition } from "./schema.ts";
import type { IdField, SystemFields, SystemIndexes } from "./system_fields.ts";
import type { TableDefinition } from "./table_definition.ts";
import type { Expand } from "./type_shapes.ts";

/** Validators of the fields that every document has. */
export type SystemFieldValidators<TableName extends string> = {
  _id: VId<GenericId<TableName>>;
  _creationTime: VFloat64<number>;
};

type WithSystemFieldValidators<TableName extends string, DocumentType extends Validator<any, any, any>> =
  DocumentType extends VObject<infer Type, infer Fields, any, any>
    ? VObject<
        Expand<IdField<TableName> & SystemFields & Type>,
        Expand<SystemFieldValidators<TableName> & Fields>
      >
    : DocumentType;

/** The validator of a table's documents as they are stored: with the system fields. */
export type DocValidator<TableName extends string, DocumentType extends Validator<any, any, any>> =
  DocumentType extends VUnion<any, infer Members, any, any>
    ? {
        [Index in keyof Members]: WithSystemFieldValidators<TableName, Members[Index]>;
      } extends infer NewMembers extends Validator<any, "required", any>[]
      ? VUnion<WithSystemFieldValidators<TableName, Members[number]>["type"], NewMembers>
      : never
    : WithSystemFieldValidators<TableName, DocumentType>;

/** The tables of a schema. */
export type GenericSchema = Record<string, TableDefinition>;

/** The data model that a schema describes. The generated `DataModel` is one. */
export type DataModelFromSchemaDefinition<SchemaDef extends SchemaDefinition<any, boolean>> =
  LooseUnlessStrict<
    {
      [TableName in keyof SchemaDef["tables"] &
        string]: SchemaDef["tables"][TableName] extends TableDefinition<
        infer DocumentType,
        infer Indexes,
        infer SearchIndexes,
        infer VectorIndexes
      >
        ? {
            document: Expand<IdField<TableName> & Expand<SystemFields & DocumentType["type"]>>;
            fieldPaths: keyof IdField<TableName> | DocumentType["fieldPaths"] | keyof SystemFields;
            indexes: Expand<Indexes & SystemIndexes>;
            searchIndexes: SearchIndexes;
            vectorIndexes: VectorIndexes;
          }
        : never;
    },
    SchemaDef["strictTableNameTypes"]
  >;

type LooseUnlessStrict<DataModel extends GenericDataModel, Strict extends boolean> = Strict extends true
  ? DataModel
  : Expand<DataModel & AnyDataModel>;

import type { SchemaJson } from "@tandem/protocol";
import type { ValidatorJSON } from "@tandem/values";
import { Failure } from "../failure.ts";
import { doc, header, indent, propertyKey } from "./source_text.ts";
import { validatorType } from "./validator_type.ts";

const about = "The tables of this app and what is in them.";
const tableNamesDoc = doc("The names of all tables.");
const documentDoc = doc("A document of a table.");
const idDoc = doc("The id of a document: at run time a string, for the type checker bound to its table.");
const dataModelDoc = doc("All tables with their documents and indexes.");

/** `_generated/dataModel.d.ts` of an app with a schema, typed by the schema itself. */
export function dataModelFromSchema(): string {
  return `${header(about)}
import type { DataModelFromSchemaDefinition, DocumentByName, SystemTableNames, TableNamesInDataModel } from "convex/server";
import type { GenericId } from "convex/values";
import schema from "../schema.js";

${tableNamesDoc}
export type TableNames = TableNamesInDataModel<DataModel>;

${documentDoc}
export type Doc<TableName extends TableNames> = DocumentByName<DataModel, TableName>;

${idDoc}
export type Id<TableName extends TableNames | SystemTableNames> = GenericId<TableName>;

${dataModelDoc}
export type DataModel = DataModelFromSchemaDefinition<typeof schema>;
`;
}

/** The same for an app without a schema: everything is allowed. */
export function dataModelWithoutSchema(): string {
  return `${header(about)}
import type { AnyDataModel } from "convex/server";
import type { GenericId } from "convex/values";

// There is no schema.ts, so documents have no types. Add one to get them.

${tableNamesDoc}
export type TableNames = string;

${documentDoc}
export type Doc = any;

${idDoc}
export type Id<TableName extends TableNames = TableNames> = GenericId<TableName>;

${dataModelDoc}
export type DataModel = AnyDataModel;
`;
}

/** The same with every type written out from the deployment's analysis (R §5.2, `staticDataModel`). */
export function staticDataModel(schema: SchemaJson): string {
  const tables = [...schema.tables]
    .sort((a, b) => (a.tableName < b.tableName ? -1 : 1))
    .map((table) => `${propertyKey(table.tableName)}: ${tableType(table)};`);
  const open = schema.schemaValidation ? "" : " & AnyDataModel";
  return `${header(about)}
import type { AnyDataModel, DocumentByName, SystemTableNames, TableNamesInDataModel } from "convex/server";
import type { GenericId } from "convex/values";

${tableNamesDoc}
export type TableNames = TableNamesInDataModel<DataModel>;

${documentDoc}
export type Doc<TableName extends TableNames> = DocumentByName<DataModel, TableName>;

${idDoc}
export type Id<TableName extends TableNames | SystemTableNames> = GenericId<TableName>;

${dataModelDoc}
export type DataModel = {
${indent(tables.join("\n"))}
}${open};
`;
}

type AnalyzedTable = SchemaJson["tables"][number];

function tableType(table: AnalyzedTable): string {
  const document = withSystemFields(table);
  const indexes: [string, readonly string[]][] = [
    ["by_id", ["_id"]],
    ["by_creation_time", ["_creationTime"]],
    ...table.indexes.map(({ indexDescriptor, fields }): [string, readonly string[]] => [
      indexDescriptor,
      fields,
    ]),
  ];
  const lines = [
    `document: ${validatorType(document)};`,
    `fieldPaths: ${literals([...new Set(fieldPaths(document))].sort())};`,
    `indexes: ${object(indexes.map(([name, fields]) => [name, JSON.stringify(fields)]))};`,
    `searchIndexes: ${object(
      (table.searchIndexes ?? []).map((index) => [
        index.indexDescriptor,
        `{ searchField: ${literals([index.searchField])}; filterFields: ${literals(index.filterFields)} }`,
      ]),
    )};`,
    `vectorIndexes: ${object(
      (table.vectorIndexes ?? []).map((index) => [
        index.indexDescriptor,
        `{ vectorField: ${literals([index.vectorField])}; dimensions: number; filterFields: ${literals(index.filterFields)} }`,
      ]),
    )};`,
  ];
  return `{\n${indent(lines.join("\n"))}\n}`;
}

function object(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([name, type]) => `${propertyKey(name)}: ${type}`).join("; ")} }`;
}

function literals(names: readonly string[]): string {
  // A record's keys are a pattern, written as a template.
  return names.length === 0
    ? "never"
    : names.map((name) => (name.includes("${") ? `\`${name}\`` : JSON.stringify(name))).join(" | ");
}

function withSystemFields(table: AnalyzedTable): ValidatorJSON {
  const add = (validator: ValidatorJSON): ValidatorJSON => {
    switch (validator.type) {
      case "any":
        return validator;
      case "union":
        return { type: "union", value: validator.value.map(add) };
      case "object":
        return {
          type: "object",
          value: {
            ...validator.value,
            _id: { fieldType: { type: "id", tableName: table.tableName }, optional: false },
            _creationTime: { fieldType: { type: "number" }, optional: false },
          },
        };
      default:
        throw new Failure(
          `Documents of the table "${table.tableName}" are defined as ${validator.type}, but must be objects.`,
        );
    }
  };
  return add((table.documentType ?? { type: "any" }) as ValidatorJSON);
}

function fieldPaths(validator: ValidatorJSON): string[] {
  switch (validator.type) {
    case "object":
      return Object.entries(validator.value).flatMap(([name, { fieldType }]) => [
        name,
        ...fieldPaths(fieldType).map((path) => `${name}.${path}`),
      ]);
    case "union":
      return validator.value.flatMap(fieldPaths);
    case "record":
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the generated type is a template.
      return ["${string}"];
    default:
      return [];
  }
}

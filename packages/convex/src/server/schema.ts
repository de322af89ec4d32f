// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import type { GenericId, GenericValidator, VId } from "@tandem/values";
import { v } from "@tandem/values";
import type { DocValidator, GenericSchema } from "./schema_types.ts";
import type { TableDefinition } from "./table_definition.ts";

/** A validator of documents with the system fields added, in each member of a union. */
function withSystemFields(tableName: string, validator: GenericValidator): GenericValidator {
  switch (validator.kind) {
    case "object":
      return validator.extend({ _id: v.id(tableName), _creationTime: v.number() });
    case "union":
      return v.union(...validator.members.map((member) => withSystemFields(tableName, member) as any));
    case "any":
      return validator;
    default:
      throw new Error(
        `The documents of table "${tableName}" must be objects, or one of several kinds of object, but its validator is of kind ${validator.kind}.`,
      );
  }
}

/** The validator of a table's documents as they are stored: with `_id` and `_creationTime`. */
export function docValidator<TableName extends string, Table extends TableDefinition<any, any, any, any>>(
  tableName: TableName,
  table: Table,
): DocValidator<TableName, Table["validator"]> {
  return withSystemFields(tableName, table.validator) as DocValidator<TableName, Table["validator"]>;
}

/** How a schema is enforced. */
export interface DefineSchemaOptions<StrictTableNameTypes extends boolean> {
  /** Whether documents are checked against the schema when they are written. Default true. */
  schemaValidation?: boolean;
  /** Whether the types know only the tables of the schema. Default true. Nothing at run time depends on it. */
  strictTableNameTypes?: StrictTableNameTypes;
}

/** A schema: tables by name. Made by {@link defineSchema}. */
export class SchemaDefinition<Schema extends GenericSchema, StrictTableTypes extends boolean> {
  tables: Schema;
  declare strictTableNameTypes: StrictTableTypes;
  readonly schemaValidation: boolean;

  /** @internal Schemas are made by {@link defineSchema}. */
  constructor(tables: Schema, options?: DefineSchemaOptions<StrictTableTypes>) {
    this.tables = tables;
    this.schemaValidation = options?.schemaValidation ?? true;
  }

  /** The validator of a table's stored documents, for `returns` of functions. */
  doc<TableName extends keyof Schema & string>(
    tableName: TableName,
  ): DocValidator<TableName, Schema[TableName]["validator"]> {
    return docValidator(tableName, this.table(tableName)) as DocValidator<
      TableName,
      Schema[TableName]["validator"]
    >;
  }

  /** `v.id` of a table that must be in this schema. */
  id<TableName extends keyof Schema & string>(tableName: TableName): VId<GenericId<TableName>> {
    this.table(tableName);
    return v.id(tableName) as VId<GenericId<TableName>>;
  }

  private table(tableName: string): TableDefinition<any, any, any, any> {
    const table = this.tables[tableName];
    if (table === undefined) {
      throw new Error(
        `This schema has no table "${tableName}". Its tables are: ${Object.keys(this.tables).join(", ")}.`,
      );
    }
    return table;
  }

  /** @internal The schema as it is pushed: JSON text (R §3.1). */
  export(): string {
    return JSON.stringify({
      tables: Object.entries(this.tables).map(([tableName, table]) => ({ tableName, ...table.export() })),
      schemaValidation: this.schemaValidation,
    });
  }
}

/**
 * Defines the tables of an app, in `convex/schema.ts`.
 *
 * ```ts
 * export default defineSchema({ messages: defineTable({ body: v.string() }) });
 * ```
 */
export function defineSchema<Schema extends GenericSchema, StrictTableNameTypes extends boolean = true>(
  schema: Schema,
  options?: DefineSchemaOptions<StrictTableNameTypes>,
): SchemaDefinition<Schema, StrictTableNameTypes> {
  return new SchemaDefinition(schema, options);
}

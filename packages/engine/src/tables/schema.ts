import {
  type CompiledValidator,
  compileValidator,
  type ValidatorJSON,
  type ValidatorTables,
  type Value,
} from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import type { SchemaDefinition } from "./catalog_rows.ts";

/**
 * A schema made ready for checking documents. A table's validator is compiled at its first use and kept as
 * long as the schema stays the same, over any number of catalogs.
 */
export class CompiledSchema {
  readonly definition: SchemaDefinition;
  /** The row it was read from: equal text, equal schema. */
  readonly text: string;
  readonly #types = new Map<string, ValidatorJSON>();
  readonly #compiled = new Map<string, CompiledValidator>();

  constructor(text: string, definition: SchemaDefinition) {
    this.text = text;
    this.definition = definition;
    for (const { table, documentType } of definition.tables) {
      if (documentType !== null) this.#types.set(table, documentType);
    }
  }

  /** What is wrong with `fields` (system fields left out) as a document of `table`, or `null`. */
  fault(table: string, fields: object, tables: ValidatorTables): string | null {
    let validator = this.#compiled.get(table);
    if (validator === undefined) {
      const type = this.#types.get(table);
      if (type === undefined) return null;
      validator = compileValidator(withoutSystemFields(type));
      this.#compiled.set(table, validator);
    }
    return validator(fields as Value, tables);
  }
}

/** `_id` and `_creationTime` are on every document, so a validator's word on them does not count (R §3.1). */
export function withoutSystemFields(type: ValidatorJSON): ValidatorJSON {
  switch (type.type) {
    case "object": {
      const value = { ...type.value };
      delete value._id;
      delete value._creationTime;
      return { type: "object", value };
    }
    case "union":
      return { type: "union", value: type.value.map(withoutSystemFields) };
    default:
      return type;
  }
}

/** The error of a write that the enforced schema refuses (R §3.1). */
export function schemaEnforcementError(table: string, fault: string): DatabaseError {
  return new DatabaseError(
    "SchemaEnforcementError",
    `Failed to insert or update a document in table "${table}" because it does not match the schema: ${fault}`,
  );
}

/** Why a pending schema failed: a document written while it was on its way (R §3.1). */
export function newDocumentFault(table: string, fault: string): string {
  return `New document in table "${table}" does not match the schema: ${fault}`;
}

/** Why a pending schema failed: a document that was there before it (R §3.1). */
export function existingDocumentFault(id: string, table: string, fault: string): string {
  return `Document with ID "${id}" in table "${table}" does not match the schema: ${fault}`;
}

/** Whether `v.id(table)` occurs anywhere in `type`. */
export function refersToTable(type: ValidatorJSON, table: string): boolean {
  switch (type.type) {
    case "id":
      return type.tableName === table;
    case "array":
      return refersToTable(type.value, table);
    case "record":
      return refersToTable(type.keys, table) || refersToTable(type.values.fieldType, table);
    case "object":
      return Object.values(type.value).some((field) => refersToTable(field.fieldType, table));
    case "union":
      return type.value.some((member) => refersToTable(member, table));
    default:
      return false;
  }
}

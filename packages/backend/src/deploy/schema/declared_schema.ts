import type { SchemaDefinition } from "@tandem/engine";
import { ApiError, type DatabaseIndexJson, type SchemaJson, type TableJson } from "@tandem/protocol";
import {
  checkDocumentFieldName,
  checkIndexName,
  checkTableName,
  NameError,
  parseFieldPath,
  parseValidatorJson,
  type ValidatorJSON,
  ValidatorJsonError,
} from "@tandem/values";

/** An index that a schema declares. */
export interface DeclaredIndex {
  readonly table: string;
  readonly name: string;
  /** Dotted paths, without `_creationTime`. */
  readonly fields: readonly string[];
  readonly staged: boolean;
}

/** A pushed schema, checked, in the forms in which it is used. */
export interface DeclaredSchema {
  /** As it was pushed: tools get it back in this form. */
  readonly json: SchemaJson;
  /** What the engine enforces. */
  readonly definition: SchemaDefinition;
  readonly indexes: readonly DeclaredIndex[];
}

const MAX_FIELDS_PER_INDEX = 16;
const MAX_INDEXES_PER_TABLE = 64;

/** Checks an evaluated schema (R §3.1–3.3). Throws `ApiError` with the codes of R §3.2, or `InvalidSchema`. */
export function declareSchema(json: SchemaJson): DeclaredSchema {
  try {
    const names = new Set<string>();
    const indexes: DeclaredIndex[] = [];
    const tables = json.tables.map((table) => {
      checkTableName(table.tableName);
      if (names.has(table.tableName)) throw invalidSchema(`the table "${table.tableName}" is declared twice`);
      names.add(table.tableName);
      refuseUnknownIndexKinds(table);
      indexes.push(...declaredIndexes(table));
      return { table: table.tableName, documentType: documentType(table) };
    });
    const enforced = json.schemaValidation;
    return { json, definition: { tables, enforced }, indexes };
  } catch (error) {
    if (error instanceof NameError || error instanceof ValidatorJsonError) {
      throw new ApiError("BadRequest", error.code, error.message, { cause: error });
    }
    throw error;
  }
}

function documentType(table: TableJson): ValidatorJSON | null {
  if (table.documentType === undefined) return null;
  const type = parseValidatorJson(table.documentType);
  const members = type.type === "union" ? type.value : [type];
  for (const member of members) {
    const isWhole = type.type === "any" && member === type;
    if (member.type !== "object" && !isWhole) {
      throw invalidSchema(
        `documents of the table "${table.tableName}" must be v.any(), v.object(…) or a union of objects, but are declared as v.${member.type}`,
      );
    }
    if (member.type === "object") {
      for (const field of Object.keys(member.value)) checkDocumentFieldName(field);
    }
  }
  return type.type === "any" ? null : type;
}

function declaredIndexes(table: TableJson): DeclaredIndex[] {
  const of = (list: readonly DatabaseIndexJson[] | undefined, staged: boolean): DeclaredIndex[] =>
    (list ?? []).map(({ indexDescriptor, fields }) => ({
      table: table.tableName,
      name: indexDescriptor,
      fields,
      staged,
    }));
  const indexes = [...of(table.indexes, false), ...of(table.stagedDbIndexes, true)];
  if (indexes.length > MAX_INDEXES_PER_TABLE) {
    throw new ApiError(
      "BadRequest",
      "TooManyIndexes",
      `The table "${table.tableName}" has ${indexes.length} indexes, but a table can have at most ${MAX_INDEXES_PER_TABLE}.`,
    );
  }
  const names = new Set<string>();
  const byFields = new Map<string, string>();
  for (const index of indexes) {
    checkFields(index);
    if (names.has(index.name)) {
      throw new ApiError(
        "BadRequest",
        "IndexNamesNotUnique",
        `The table "${table.tableName}" has two indexes named "${index.name}".`,
      );
    }
    names.add(index.name);
    const joined = index.fields.join(", ");
    const twin = byFields.get(joined);
    if (twin !== undefined) {
      throw new ApiError(
        "BadRequest",
        "IndexNotUnique",
        `The indexes ${index.table}.${twin} and ${index.table}.${index.name} have the same fields (${joined}): remove one of them.`,
      );
    }
    byFields.set(joined, index.name);
  }
  return indexes;
}

/** The rules of R §3.2 for an index by itself. */
function checkFields({ table, name, fields }: DeclaredIndex): void {
  checkIndexName(name);
  const refuse = (code: string, why: string) =>
    new ApiError("BadRequest", code, `Index ${table}.${name} ${why}.`);
  if (fields.length === 0) throw refuse("EmptyIndex", "has no fields: name at least one");
  if (fields.length > MAX_FIELDS_PER_INDEX) {
    throw refuse(
      "IndexTooManyFields",
      `has ${fields.length} fields, but an index can have at most ${MAX_FIELDS_PER_INDEX}`,
    );
  }
  if (new Set(fields).size !== fields.length) {
    throw refuse("FieldsNotUniqueWithinIndex", `names a field twice: ${fields.join(", ")}`);
  }
  for (const field of fields) {
    if (field === "_id")
      throw refuse("IndexFieldsContainId", "names _id, which ends every index by itself: leave it out");
    if (field === "_creationTime") {
      throw refuse(
        "IndexFieldsContainCreationTime",
        "names _creationTime, which follows the fields of every index by itself: leave it out",
      );
    }
    if (field.startsWith("_")) {
      throw refuse(
        "IndexFieldNameReserved",
        `names "${field}", but fields that start with an underscore are the system's`,
      );
    }
    parseFieldPath(field);
  }
}

function refuseUnknownIndexKinds(table: TableJson): void {
  const search = [...(table.searchIndexes ?? []), ...(table.stagedSearchIndexes ?? [])][0];
  const vector = [...(table.vectorIndexes ?? []), ...(table.stagedVectorIndexes ?? [])][0];
  const found = search ?? vector;
  if (found !== undefined) {
    const kind = found === search ? "search" : "vector";
    throw new ApiError(
      "BadRequest",
      "SearchIndexesUnavailable",
      `This server has no ${kind} indexes yet, but the schema declares ${table.tableName}.${found.indexDescriptor}: remove it.`,
    );
  }
  if (table.stagedDocumentType !== undefined) {
    throw new ApiError(
      "BadRequest",
      "StagedValidatorsNotSupported",
      `This server has no staged validators yet, but the table "${table.tableName}" declares one with .staged(): remove it.`,
    );
  }
}

function invalidSchema(why: string): ApiError {
  return new ApiError("BadRequest", "InvalidSchema", `Invalid schema: ${why}.`);
}

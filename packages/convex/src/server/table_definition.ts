// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
// biome-ignore-all lint/complexity/noBannedTypes: `{}` is the map of indexes with no names.
import type { GenericValidator, ObjectType, Validator, ValidatorJSON, VObject } from "@tandem/values";
import { isValidator, v } from "@tandem/values";
import type {
  GenericTableIndexes,
  GenericTableSearchIndexes,
  GenericTableVectorIndexes,
} from "./data_model.ts";
import type { IndexTiebreakerField, SystemFields } from "./system_fields.ts";
import type { Expand } from "./type_shapes.ts";
import { validatorJson } from "./validator_json.ts";

type ExtractFieldPaths<T extends Validator<any, any, any>> = T["fieldPaths"] | keyof SystemFields;

/** The fields of an index, in the order in which they sort. */
export interface DbIndexConfig<FirstFieldPath extends string, RestFieldPaths extends string[]> {
  fields: [FirstFieldPath, ...RestFieldPaths];
}

/** The field that a search index looks through, and the fields that a search may filter by. */
export interface SearchIndexConfig<SearchField extends string, FilterFields extends string> {
  searchField: SearchField;
  filterFields?: FilterFields[];
}

/** The field of vectors, their length, and the fields that a search may filter by. */
export interface VectorIndexConfig<VectorField extends string, FilterFields extends string> {
  vectorField: VectorField;
  /** 2 to 4096. */
  dimensions: number;
  filterFields?: FilterFields[];
}

/** How an index comes into being. */
export interface IndexOptions {
  /** Built in the background, and of no use to queries, until a later push says otherwise. */
  staged?: boolean;
}

type Unstaged = IndexOptions & { staged?: false };
type Staged = IndexOptions & { staged: true };

type IndexJson = { indexDescriptor: string; fields: string[] };
type SearchIndexJson = { indexDescriptor: string; searchField: string; filterFields: string[] };
type VectorIndexJson = {
  indexDescriptor: string;
  vectorField: string;
  dimensions: number;
  filterFields: string[];
};

/** One table of a schema as it is pushed (R §3.1), without its name. */
export type TableJson = {
  indexes: IndexJson[];
  stagedDbIndexes: IndexJson[];
  searchIndexes: SearchIndexJson[];
  stagedSearchIndexes: SearchIndexJson[];
  vectorIndexes: VectorIndexJson[];
  stagedVectorIndexes: VectorIndexJson[];
  documentType: ValidatorJSON;
  stagedDocumentType: ValidatorJSON | undefined;
};

/** A table of a schema: what its documents look like, and its indexes. Made by {@link defineTable}. */
export class TableDefinition<
  DocumentType extends Validator<any, any, any> = Validator<any, any, any>,
  Indexes extends GenericTableIndexes = {},
  SearchIndexes extends GenericTableSearchIndexes = {},
  VectorIndexes extends GenericTableVectorIndexes = {},
> {
  private indexes: IndexJson[] = [];
  private stagedDbIndexes: IndexJson[] = [];
  private searchIndexes: SearchIndexJson[] = [];
  private stagedSearchIndexes: SearchIndexJson[] = [];
  private vectorIndexes: VectorIndexJson[] = [];
  private stagedVectorIndexes: VectorIndexJson[] = [];
  private stagedValidator: GenericValidator | undefined;

  /** The validator of the table's documents, without the system fields. */
  validator: DocumentType;

  /** @internal Tables are made by {@link defineTable}. */
  constructor(documentType: DocumentType) {
    this.validator = documentType;
  }

  /** The indexes declared so far, for tools that look into a schema. */
  " indexes"(): { indexDescriptor: string; fields: string[] }[] {
    return this.indexes;
  }

  /**
   * Adds an index over some fields, in the order in which they sort. Creation time and id follow by themselves.
   *
   * ```ts
   * defineTable({ channel: v.id("channels"), likes: v.number() }).index("by_channel", ["channel", "likes"])
   * ```
   */
  index<
    IndexName extends string,
    FirstFieldPath extends ExtractFieldPaths<DocumentType>,
    RestFieldPaths extends ExtractFieldPaths<DocumentType>[],
  >(
    name: IndexName,
    indexConfig: Expand<DbIndexConfig<FirstFieldPath, RestFieldPaths> & Unstaged>,
  ): TableDefinition<
    DocumentType,
    Expand<Indexes & Record<IndexName, [FirstFieldPath, ...RestFieldPaths, IndexTiebreakerField]>>,
    SearchIndexes,
    VectorIndexes
  >;
  index<
    IndexName extends string,
    FirstFieldPath extends ExtractFieldPaths<DocumentType>,
    RestFieldPaths extends ExtractFieldPaths<DocumentType>[],
  >(
    name: IndexName,
    fields: [FirstFieldPath, ...RestFieldPaths],
  ): TableDefinition<
    DocumentType,
    Expand<Indexes & Record<IndexName, [FirstFieldPath, ...RestFieldPaths, IndexTiebreakerField]>>,
    SearchIndexes,
    VectorIndexes
  >;
  index<
    IndexName extends string,
    FirstFieldPath extends ExtractFieldPaths<DocumentType>,
    RestFieldPaths extends ExtractFieldPaths<DocumentType>[],
  >(
    name: IndexName,
    indexConfig: Expand<DbIndexConfig<FirstFieldPath, RestFieldPaths> & Staged>,
  ): TableDefinition<DocumentType, Indexes, SearchIndexes, VectorIndexes>;
  index(name: string, config: string[] | (DbIndexConfig<string, string[]> & IndexOptions)): unknown {
    const fields = Array.isArray(config) ? config : config.fields;
    const list = !Array.isArray(config) && config.staged ? this.stagedDbIndexes : this.indexes;
    list.push({ indexDescriptor: name, fields });
    return this;
  }

  /** Adds a full-text index over one field. */
  searchIndex<
    IndexName extends string,
    SearchField extends ExtractFieldPaths<DocumentType>,
    FilterFields extends ExtractFieldPaths<DocumentType> = never,
  >(
    name: IndexName,
    indexConfig: Expand<SearchIndexConfig<SearchField, FilterFields> & Unstaged>,
  ): TableDefinition<
    DocumentType,
    Indexes,
    Expand<SearchIndexes & Record<IndexName, { searchField: SearchField; filterFields: FilterFields }>>,
    VectorIndexes
  >;
  searchIndex<
    IndexName extends string,
    SearchField extends ExtractFieldPaths<DocumentType>,
    FilterFields extends ExtractFieldPaths<DocumentType> = never,
  >(
    name: IndexName,
    indexConfig: Expand<SearchIndexConfig<SearchField, FilterFields> & Staged>,
  ): TableDefinition<DocumentType, Indexes, SearchIndexes, VectorIndexes>;
  searchIndex(name: string, config: SearchIndexConfig<string, string> & IndexOptions): unknown {
    const list = config.staged ? this.stagedSearchIndexes : this.searchIndexes;
    list.push({
      indexDescriptor: name,
      searchField: config.searchField,
      filterFields: config.filterFields ?? [],
    });
    return this;
  }

  /** Adds a vector index over one field. */
  vectorIndex<
    IndexName extends string,
    VectorField extends ExtractFieldPaths<DocumentType>,
    FilterFields extends ExtractFieldPaths<DocumentType> = never,
  >(
    name: IndexName,
    indexConfig: Expand<VectorIndexConfig<VectorField, FilterFields> & Unstaged>,
  ): TableDefinition<
    DocumentType,
    Indexes,
    SearchIndexes,
    Expand<
      VectorIndexes &
        Record<IndexName, { vectorField: VectorField; dimensions: number; filterFields: FilterFields }>
    >
  >;
  vectorIndex<
    IndexName extends string,
    VectorField extends ExtractFieldPaths<DocumentType>,
    FilterFields extends ExtractFieldPaths<DocumentType> = never,
  >(
    name: IndexName,
    indexConfig: Expand<VectorIndexConfig<VectorField, FilterFields> & Staged>,
  ): TableDefinition<DocumentType, Indexes, SearchIndexes, VectorIndexes>;
  vectorIndex(name: string, config: VectorIndexConfig<string, string> & IndexOptions): unknown {
    const list = config.staged ? this.stagedVectorIndexes : this.vectorIndexes;
    list.push({
      indexDescriptor: name,
      vectorField: config.vectorField,
      dimensions: config.dimensions,
      filterFields: config.filterFields ?? [],
    });
    return this;
  }

  /**
   * Announces the validator that this table is to have next: documents are checked against it in the background while
   * the present one stays in force (R §3.1). Given as fields, they are laid over the present ones; a field that is
   * `undefined` is dropped.
   *
   * @throws Error when one is announced already, or when fields are laid over a table that is not one object.
   */
  staged(
    documentSchema:
      | Validator<Record<string, any>, "required", any>
      | Record<string, GenericValidator | undefined>,
  ): TableDefinition<DocumentType, Indexes, SearchIndexes, VectorIndexes> {
    if (this.stagedValidator !== undefined) {
      throw new Error("This table has a staged validator already. Call `.staged()` once.");
    }
    this.stagedValidator = isValidator(documentSchema) ? documentSchema : this.withFields(documentSchema);
    return this.self();
  }

  private withFields(changes: Record<string, GenericValidator | undefined>): GenericValidator {
    const enforced: GenericValidator = this.validator;
    if (enforced.kind !== "object" && enforced.kind !== "any") {
      throw new Error(
        `Fields can be staged only over a table of one object, and this one is a ${enforced.kind}. Pass the whole validator to \`.staged()\`.`,
      );
    }
    const merged = { ...(enforced.kind === "object" ? enforced.fields : {}), ...changes };
    const present = Object.entries(merged).filter(
      (entry): entry is [string, GenericValidator] => entry[1] !== undefined,
    );
    return v.object(Object.fromEntries(present));
  }

  protected self(): TableDefinition<DocumentType, Indexes, SearchIndexes, VectorIndexes> {
    return this;
  }

  /** @internal The table as it is pushed. */
  export(): TableJson {
    return {
      indexes: this.indexes,
      stagedDbIndexes: this.stagedDbIndexes,
      searchIndexes: this.searchIndexes,
      stagedSearchIndexes: this.stagedSearchIndexes,
      vectorIndexes: this.vectorIndexes,
      stagedVectorIndexes: this.stagedVectorIndexes,
      documentType: validatorJson(this.validator, "the parameter of `defineTable`"),
      stagedDocumentType:
        this.stagedValidator && validatorJson(this.stagedValidator, "the parameter of `.staged()`"),
    };
  }
}

/**
 * Defines a table by what its documents look like: the fields, or a validator of a whole document (an object, a union
 * of objects, or `v.any()`). The system fields are not listed.
 *
 * ```ts
 * defineTable({ name: v.string(), age: v.optional(v.number()) }).index("by_name", ["name"])
 * ```
 */
export function defineTable<DocumentSchema extends Validator<Record<string, any>, "required", any>>(
  documentSchema: DocumentSchema,
): TableDefinition<DocumentSchema>;
export function defineTable<DocumentSchema extends Record<string, GenericValidator>>(
  documentSchema: DocumentSchema,
): TableDefinition<VObject<ObjectType<DocumentSchema>, DocumentSchema>>;
export function defineTable(
  documentSchema: GenericValidator | Record<string, GenericValidator>,
): TableDefinition<any> {
  return new TableDefinition(isValidator(documentSchema) ? documentSchema : v.object(documentSchema));
}

/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * The tables of this app and what is in them.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import type { DataModelFromSchemaDefinition, DocumentByName, SystemTableNames, TableNamesInDataModel } from "convex/server";
import type { GenericId } from "convex/values";
import schema from "../schema.js";

/** The names of all tables. */
export type TableNames = TableNamesInDataModel<DataModel>;

/** A document of a table. */
export type Doc<TableName extends TableNames> = DocumentByName<DataModel, TableName>;

/** The id of a document: at run time a string, for the type checker bound to its table. */
export type Id<TableName extends TableNames | SystemTableNames> = GenericId<TableName>;

/** All tables with their documents and indexes. */
export type DataModel = DataModelFromSchemaDefinition<typeof schema>;

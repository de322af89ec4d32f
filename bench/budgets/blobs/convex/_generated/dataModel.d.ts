/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * The tables of this app and what is in them.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import type { AnyDataModel } from "convex/server";
import type { GenericId } from "convex/values";

// There is no schema.ts, so documents have no types. Add one to get them.

/** The names of all tables. */
export type TableNames = string;

/** A document of a table. */
export type Doc = any;

/** The id of a document: at run time a string, for the type checker bound to its table. */
export type Id<TableName extends TableNames = TableNames> = GenericId<TableName>;

/** All tables with their documents and indexes. */
export type DataModel = AnyDataModel;

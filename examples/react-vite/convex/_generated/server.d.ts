/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * What the functions of this app are made with, typed for its tables.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import type {
  ActionBuilder,
  GenericActionCtx,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  GenericMutationCtx,
  GenericQueryCtx,
  HttpActionBuilder,
  MutationBuilder,
  QueryBuilder,
} from "convex/server";
import type { DataModel } from "./dataModel.js";

/** Defines a query that clients can call: it reads the database and is live where it is shown. */
export declare const query: QueryBuilder<DataModel, "public">;

/** Defines a query that only other functions can call. */
export declare const internalQuery: QueryBuilder<DataModel, "internal">;

/** Defines a mutation that clients can call: it reads and writes the database, all or nothing. */
export declare const mutation: MutationBuilder<DataModel, "public">;

/** Defines a mutation that only other functions can call. */
export declare const internalMutation: MutationBuilder<DataModel, "internal">;

/** Defines an action that clients can call: it may call other services, and reaches the database through queries and mutations. */
export declare const action: ActionBuilder<DataModel, "public">;

/** Defines an action that only other functions can call. */
export declare const internalAction: ActionBuilder<DataModel, "internal">;

/** Defines a handler of HTTP requests. Give it a route in `http.ts`. */
export declare const httpAction: HttpActionBuilder;

/** What a query gets as its first argument. */
export type QueryCtx = GenericQueryCtx<DataModel>;

/** What a mutation gets as its first argument. */
export type MutationCtx = GenericMutationCtx<DataModel>;

/** What an action gets as its first argument. */
export type ActionCtx = GenericActionCtx<DataModel>;

/** `ctx.db` of a query. */
export type DatabaseReader = GenericDatabaseReader<DataModel>;

/** `ctx.db` of a mutation. */
export type DatabaseWriter = GenericDatabaseWriter<DataModel>;

type Env = {
  readonly CONVEX_CLOUD_URL: string;
  readonly CONVEX_SITE_URL: string;
};

/** The environment variables of the deployment: those it always has, and those that `convex.config` declares. */
export declare const env: Env;

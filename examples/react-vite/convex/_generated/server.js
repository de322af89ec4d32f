/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * What the functions of this app are made with, typed for its tables.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import {
  queryGeneric,
  internalQueryGeneric,
  mutationGeneric,
  internalMutationGeneric,
  actionGeneric,
  internalActionGeneric,
  httpActionGeneric,
} from "convex/server";

/** Defines a query that clients can call: it reads the database and is live where it is shown. */
export const query = queryGeneric;

/** Defines a query that only other functions can call. */
export const internalQuery = internalQueryGeneric;

/** Defines a mutation that clients can call: it reads and writes the database, all or nothing. */
export const mutation = mutationGeneric;

/** Defines a mutation that only other functions can call. */
export const internalMutation = internalMutationGeneric;

/** Defines an action that clients can call: it may call other services, and reaches the database through queries and mutations. */
export const action = actionGeneric;

/** Defines an action that only other functions can call. */
export const internalAction = internalActionGeneric;

/** Defines a handler of HTTP requests. Give it a route in `http.ts`. */
export const httpAction = httpActionGeneric;

/** The environment variables of the deployment: those it always has, and those that `convex.config` declares. */
export const env = process.env;

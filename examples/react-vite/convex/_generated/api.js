/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * References to the functions of this app.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import { anyApi, componentsGeneric } from "convex/server";

/**
 * The public functions, by module and name.
 *
 * @example
 * const tasks = useQuery(api.tasks.list);
 */
export const api = anyApi;

/**
 * The internal functions, which only other functions can call.
 *
 * @example
 * await ctx.runMutation(internal.tasks.clean);
 */
export const internal = anyApi;

/** The components that `convex.config` mounts. */
export const components = componentsGeneric();

/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * References to the functions of this app.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import type * as messages from "../messages.js";

declare const fullApi: ApiFromModules<{
  "messages": typeof messages;
}>;

/**
 * The public functions, by module and name.
 *
 * @example
 * const tasks = useQuery(api.tasks.list);
 */
export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;

/**
 * The internal functions, which only other functions can call.
 *
 * @example
 * await ctx.runMutation(internal.tasks.clean);
 */
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;

/** The components that `convex.config` mounts. */
export declare const components: {};

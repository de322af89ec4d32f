/* eslint-disable */
/* biome-ignore-all format: generated */
/**
 * References to the functions of this app.
 *
 * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.
 * @module
 */

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import type * as acting from "../acting.js";
import type * as counters from "../counters.js";
import type * as failing from "../failing.js";
import type * as halves from "../halves.js";
import type * as identity from "../identity.js";
import type * as items from "../items.js";
import type * as nested from "../nested.js";
import type * as unruly from "../unruly.js";
import type * as values from "../values.js";

declare const fullApi: ApiFromModules<{
  "acting": typeof acting;
  "counters": typeof counters;
  "failing": typeof failing;
  "halves": typeof halves;
  "identity": typeof identity;
  "items": typeof items;
  "nested": typeof nested;
  "unruly": typeof unruly;
  "values": typeof values;
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

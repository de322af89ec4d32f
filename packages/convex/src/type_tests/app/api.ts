// What the generated `_generated/api` holds, for these modules.
import {
  type ApiFromModules,
  anyApi,
  componentsGeneric,
  type FilterApi,
  type FunctionReference,
} from "@tandem/convex/server";
import type * as messages from "./messages.ts";
import type * as adminUsers from "./users.ts";

type Modules = { messages: typeof messages; "admin/users": typeof adminUsers };
type FullApi = ApiFromModules<Modules>;

// biome-ignore lint/suspicious/noExplicitAny: as the generated code says it.
export const api = anyApi as unknown as FilterApi<FullApi, FunctionReference<any, "public">>;
// biome-ignore lint/suspicious/noExplicitAny: as the generated code says it.
export const internal = anyApi as unknown as FilterApi<FullApi, FunctionReference<any, "internal">>;
export const components = componentsGeneric();

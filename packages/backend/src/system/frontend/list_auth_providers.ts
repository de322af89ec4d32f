import { type JSONValue, v } from "@tandem/values";
import { systemQuery } from "../system_query.ts";

/** The identity providers in force, in the order of auth.config.ts. */
export const listAuthProviders = systemQuery({
  path: "_system/frontend/listAuthProviders:default",
  operation: "ViewData",
  args: { componentId: v.optional(v.union(v.string(), v.null())) },
  async run({ snapshot }) {
    return (await snapshot.scanRows("_auth")).map(({ json }) => JSON.parse(json) as JSONValue);
  },
});

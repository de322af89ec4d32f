import type { JSONValue } from "@tandem/values";
import { liveVersion } from "../live_version.ts";
import { systemQuery } from "../system_query.ts";

/** Every function of the live version with its validators, then the routes of `http.ts` (R §4.13). */
export const apiSpec = systemQuery({
  path: "_system/cli/modules:apiSpec",
  operation: "ViewData",
  args: {},
  async run(context) {
    const version = await liveVersion(context);
    const functions: JSONValue[] = [];
    const routes: JSONValue[] = [];
    for (const [path, module] of Object.entries(version?.analysis ?? {})) {
      for (const { name, udfType, visibility, args, returns } of module.functions) {
        functions.push({
          identifier: `${path}:${name}`,
          functionType: udfType,
          visibility: visibility === null ? { kind: "public" } : { kind: visibility.kind },
          args: args === null ? { type: "any" } : (JSON.parse(args) as JSONValue),
          returns:
            returns === null || returns === "null" ? { type: "any" } : (JSON.parse(returns) as JSONValue),
        });
      }
      for (const { route } of module.httpRoutes ?? []) {
        routes.push({ functionType: "HttpAction", method: route.method, path: route.path });
      }
    }
    return [...functions, ...routes];
  },
});

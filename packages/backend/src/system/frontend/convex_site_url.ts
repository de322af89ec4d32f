import { systemQuery } from "../system_query.ts";

/** Where HTTP actions are reached. */
export const convexSiteUrl = systemQuery({
  path: "_system/frontend/convexSiteUrl:default",
  operation: "ViewEnvironmentVariables",
  args: {},
  run: ({ urls }) => urls.site,
});

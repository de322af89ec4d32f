import { systemQuery } from "../system_query.ts";

/** Where clients reach the deployment. */
export const convexCloudUrl = systemQuery({
  path: "_system/frontend/convexCloudUrl:default",
  operation: "ViewEnvironmentVariables",
  args: {},
  run: ({ urls }) => urls.cloud,
});

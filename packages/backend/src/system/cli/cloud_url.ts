import { systemQuery } from "../system_query.ts";

/** Where clients reach the deployment. */
export const cloudUrl = systemQuery({
  path: "_system/cli/convexUrl:cloudUrl",
  operation: "ViewEnvironmentVariables",
  args: {},
  run: ({ urls }) => urls.cloud,
});

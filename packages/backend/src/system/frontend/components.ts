import { systemQuery } from "../system_query.ts";

/** The app's components: none, since this server has no components yet. */
export const components = systemQuery({
  path: "_system/frontend/components:list",
  operation: "ViewData",
  args: {},
  run: () => [],
});

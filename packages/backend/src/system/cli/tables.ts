import { v } from "@tandem/values";
import { paginationOptions } from "../paginate.ts";
import { systemQuery } from "../system_query.ts";

/** Names of the app's tables, all on one page. */
export const tables = systemQuery({
  path: "_system/cli/tables:default",
  operation: "ViewData",
  args: { paginationOpts: v.optional(paginationOptions) },
  async run({ snapshot }) {
    await snapshot.scanRows("_tables");
    const page = snapshot.catalog.tables("").map(({ name }) => ({ name }));
    return { page, isDone: true, continueCursor: "end" };
  },
});

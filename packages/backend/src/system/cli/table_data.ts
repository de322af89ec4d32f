import { v } from "@tandem/values";
import { paginateTable, paginationOptions } from "../paginate.ts";
import { systemQuery } from "../system_query.ts";

/** A table's documents by creation time, page by page. */
export const tableData = systemQuery({
  path: "_system/cli/tableData:default",
  operation: "ViewData",
  args: {
    table: v.string(),
    order: v.union(v.literal("asc"), v.literal("desc")),
    paginationOpts: paginationOptions,
  },
  run: ({ snapshot }, { table, order, paginationOpts }) =>
    paginateTable(snapshot, table, order, paginationOpts),
});

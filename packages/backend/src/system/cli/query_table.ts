import { v } from "@tandem/values";
import { systemQuery } from "../system_query.ts";

/** A number that is another one whenever the table has changed: for waiting until it does. */
export const queryTable = systemQuery({
  path: "_system/cli/queryTable:default",
  operation: "ViewData",
  args: { tableName: v.string() },
  async run({ snapshot, watch }, { tableName }) {
    // One row is read, so that a table which does not exist yet is watched too.
    await snapshot.scan(tableName, "by_id", { start: "", end: null }, "asc", 1);
    const table = snapshot.catalog.table("", tableName);
    if (table !== null) watch({ indexId: table.byId, start: "", end: null });
    return snapshot.at;
  },
});

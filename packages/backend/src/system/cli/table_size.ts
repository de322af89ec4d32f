import { v } from "@tandem/values";
import { systemQuery } from "../system_query.ts";

const SLICE = 1000;

/** How many documents a table has; 0 for one that does not exist. Costs a walk over the table. */
export const tableSize = systemQuery({
  path: "_system/cli/tableSize:default",
  operation: "ViewData",
  args: { tableName: v.string() },
  async run({ snapshot, pause }, { tableName }) {
    let count = 0;
    let start = "";
    for (;;) {
      const rows = await snapshot.scan(tableName, "by_id", { start, end: null }, "asc", SLICE);
      count += rows.length;
      if (rows.length < SLICE) return count;
      start = `${rows[rows.length - 1]!.key}\0`;
      await pause();
    }
  },
});

import { v } from "convex/values";
import { query } from "./_generated/server";

/** Gives back what it was given. */
export const echo = query({
  args: { value: v.any() },
  returns: v.any(),
  handler: (_ctx, { value }) => {
    console.log("echo", value);
    return value;
  },
});

/** Text of so many bytes. */
export const big = query({
  args: { bytes: v.number() },
  returns: v.string(),
  handler: (_ctx, { bytes }) => "0123456789abcdef".repeat(bytes / 16),
});

/** All texts of a list; how much that is depends on the data. */
export const texts = query({
  args: { list: v.string() },
  returns: v.array(v.string()),
  handler: async (ctx, { list }) => {
    const items = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", list))
      .collect();
    return items.map(({ text }) => text);
  },
});

export const variable = query({
  args: {},
  returns: v.union(v.string(), v.null()),
  handler: () => process.env.GREETING ?? null,
});

import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

const SIDES = ["left", "right"] as const;

/** Raises both counts of a pair, in two documents, and answers the new count. */
export const raise = mutation({
  args: { pair: v.string() },
  returns: v.number(),
  handler: async (ctx, { pair }) => {
    let count = 0;
    for (const side of SIDES) {
      const half = await ctx.db
        .query("halves")
        .withIndex("by_pair", (q) => q.eq("pair", pair).eq("side", side))
        .unique();
      count = (half?.count ?? 0) + 1;
      if (half === null) {
        await ctx.db.insert("halves", { pair, side, count });
      } else {
        await ctx.db.patch(half._id, { count });
      }
    }
    return count;
  },
});

/** The counts of all pairs: `[pair, left, right]`. */
export const all = query({
  args: {},
  returns: v.array(v.object({ pair: v.string(), left: v.number(), right: v.number() })),
  handler: async (ctx) => {
    const pairs = new Map<string, { left: number; right: number }>();
    for await (const { pair, side, count } of ctx.db.query("halves")) {
      const counts = pairs.get(pair) ?? { left: 0, right: 0 };
      counts[side] = count;
      pairs.set(pair, counts);
    }
    return [...pairs].map(([pair, counts]) => ({ pair, ...counts }));
  },
});

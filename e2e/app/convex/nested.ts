import { ConvexError, v } from "convex/values";
import { internal } from "./_generated/api";
import { internalMutation, internalQuery, mutation, query } from "./_generated/server";

export const count = internalQuery({
  args: { list: v.string() },
  returns: v.number(),
  handler: async (ctx, { list }) => {
    const items = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", list))
      .collect();
    return items.length;
  },
});

export const put = internalMutation({
  args: { list: v.string(), n: v.number(), fail: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { list, n, fail }) => {
    await ctx.db.insert("items", { list, n, text: "put" });
    if (fail) {
      throw new ConvexError({ code: "put_failed", n });
    }
    return null;
  },
});

export const countTwice = query({
  args: { list: v.string() },
  returns: v.number(),
  handler: async (ctx, args): Promise<number> => {
    const [once, again] = await Promise.all([
      ctx.runQuery(internal.nested.count, args),
      ctx.runQuery(internal.nested.count, args),
    ]);
    return once + again;
  },
});

/** Puts 1 and 3, and tries to put 2, whose nested mutation fails and takes its own writes back. */
export const putThree = mutation({
  args: { list: v.string() },
  returns: v.any(),
  handler: async (ctx, { list }) => {
    let caught: unknown = null;
    for (const n of [1, 2, 3]) {
      try {
        await ctx.runMutation(internal.nested.put, { list, n, fail: n === 2 });
      } catch (error) {
        caught = error instanceof ConvexError ? error.data : String(error);
      }
    }
    const seen: number = await ctx.runQuery(internal.nested.count, { list });
    return { caught, seen };
  },
});

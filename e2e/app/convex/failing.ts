import { ConvexError, v } from "convex/values";
import { action, mutation, query } from "./_generated/server";

const DATA = { code: "too_low", limit: 5n, seen: [1, "two", null] };

export const withData = query({
  args: {},
  handler: () => {
    throw new ConvexError(DATA);
  },
});

export const plainly = query({
  args: {},
  handler: () => {
    throw new TypeError("the query has a fault");
  },
});

/** Fails as long as the list holds an item below 10. */
export const whileLow = query({
  args: { list: v.string() },
  returns: v.string(),
  handler: async (ctx, { list }) => {
    const lowest = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", list))
      .first();
    if (lowest !== null && lowest.n < 10) {
      throw new ConvexError({ code: "low", n: lowest.n });
    }
    return "fine";
  },
});

/** Writes, and then fails: nothing of it may stay. */
export const afterWriting = mutation({
  args: { list: v.string() },
  handler: async (ctx, { list }) => {
    await ctx.db.insert("items", { list, n: 1, text: "never to be seen" });
    throw new ConvexError(DATA);
  },
});

export const inAction = action({
  args: {},
  handler: () => {
    throw new ConvexError(DATA);
  },
});

/** Returns something other than its validator says. */
export const wrongReturn = query({
  args: {},
  returns: v.string(),
  handler: () => 5 as unknown as string,
});

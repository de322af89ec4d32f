import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

export const add = mutation({
  args: { count: v.number(), bytes: v.number() },
  handler: async (ctx, { count, bytes }) => {
    for (let i = 0; i < count; i++) {
      await ctx.db.insert("blobs", { text: "x".repeat(bytes) });
    }
    return null;
  },
});

export const first = query({
  args: {},
  handler: async (ctx) => ((await ctx.db.query("blobs").first()) === null ? 0 : 1),
});

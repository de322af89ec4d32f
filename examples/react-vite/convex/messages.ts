// Differs from the guide: `mutation` and `v` are for `send`, at the end.
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

export const getForCurrentUser = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (identity === null) {
      throw new Error("Not authenticated");
    }
    return await ctx.db
      .query("messages")
      .filter((q) => q.eq(q.field("author"), identity.email))
      .collect();
  },
});

// Not in the guide: what the form of the page calls.
export const send = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (identity === null || identity.email === undefined) {
      throw new Error("Not authenticated");
    }
    await ctx.db.insert("messages", { author: identity.email, body });
  },
});

import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

export const open = mutation({
  args: { from: v.number(), count: v.number() },
  handler: async (ctx, { from, count }) => {
    const ids: string[] = [];
    for (let i = from; i < from + count; i++) {
      ids.push(await ctx.db.insert("accounts", { owner: `owner ${i}`, balance: 1000 }));
    }
    return ids;
  },
});

export const transfer = mutation({
  args: { from: v.id("accounts"), to: v.id("accounts"), amount: v.number() },
  handler: async (ctx, { from, to, amount }) => {
    const source = await ctx.db.get(from);
    const target = await ctx.db.get(to);
    if (source === null || target === null) {
      throw new Error("No such account");
    }
    await ctx.db.patch(from, { balance: source.balance - amount });
    await ctx.db.patch(to, { balance: target.balance + amount });
    return null;
  },
});

export const balance = query({
  args: { id: v.id("accounts") },
  handler: async (ctx, { id }) => (await ctx.db.get(id))?.balance ?? null,
});

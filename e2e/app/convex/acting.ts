import { v } from "convex/values";
import { api, internal } from "./_generated/api";
import { action } from "./_generated/server";

/** Asks another server, and keeps its answer by a mutation. */
export const fetchAndKeep = action({
  args: { url: v.string(), list: v.string() },
  returns: v.object({ status: v.number(), kept: v.number() }),
  handler: async (ctx, { url, list }): Promise<{ status: number; kept: number }> => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ list }) });
    const { n, text } = (await response.json()) as { n: number; text: string };
    await ctx.runMutation(api.items.add, { list, n, text });
    return { status: response.status, kept: await ctx.runQuery(internal.nested.count, { list }) };
  },
});

export const double = action({
  args: { n: v.number() },
  returns: v.number(),
  handler: async (_ctx, { n }) => {
    console.warn("doubling", n);
    return 2 * n;
  },
});

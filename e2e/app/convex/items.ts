import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

export const list = query({
  args: { list: v.string() },
  returns: v.array(v.object({ n: v.number(), text: v.string() })),
  handler: async (ctx, args) => {
    const items = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", args.list))
      .collect();
    return items.map(({ n, text }) => ({ n, text }));
  },
});

export const page = query({
  args: { list: v.string(), paginationOpts: paginationOptsValidator },
  handler: (ctx, args) =>
    ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", args.list))
      .paginate(args.paginationOpts),
});

/** Items of a list by a filter, without an index. */
export const above = query({
  args: { list: v.string(), n: v.number() },
  returns: v.array(v.number()),
  handler: async (ctx, args) => {
    const items = await ctx.db
      .query("items")
      .filter((q) => q.and(q.eq(q.field("list"), args.list), q.gt(q.field("n"), args.n)))
      .order("desc")
      .collect();
    return items.map(({ n }) => n);
  },
});

export const add = mutation({
  args: { list: v.string(), n: v.number(), text: v.optional(v.string()) },
  returns: v.id("items"),
  handler: (ctx, { list, n, text }) => ctx.db.insert("items", { list, n, text: text ?? `item ${n}` }),
});

export const addMany = mutation({
  args: { list: v.string(), from: v.number(), count: v.number(), text: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, { list, from, count, text }) => {
    for (let n = from; n < from + count; n++) {
      await ctx.db.insert("items", { list, n, text: text ?? `item ${n}` });
    }
    return null;
  },
});

export const rename = mutation({
  args: { list: v.string(), n: v.number(), text: v.string() },
  returns: v.null(),
  handler: async (ctx, { list, n, text }) => {
    const item = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", list).eq("n", n))
      .unique();
    if (item !== null) {
      await ctx.db.patch(item._id, { text });
    }
    return null;
  },
});

export const remove = mutation({
  args: { list: v.string(), n: v.number() },
  returns: v.boolean(),
  handler: async (ctx, { list, n }) => {
    const item = await ctx.db
      .query("items")
      .withIndex("by_list", (q) => q.eq("list", list).eq("n", n))
      .unique();
    if (item === null) {
      return false;
    }
    await ctx.db.delete(item._id);
    return true;
  },
});

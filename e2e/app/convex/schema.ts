import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  items: defineTable({
    list: v.string(),
    n: v.number(),
    text: v.string(),
  }).index("by_list", ["list", "n"]),

  counters: defineTable({ name: v.string(), value: v.number() }).index("by_name", ["name"]),

  /** Always written in twos: whoever sees one count of a pair without the other has seen half a transaction. */
  halves: defineTable({
    pair: v.string(),
    side: v.union(v.literal("left"), v.literal("right")),
    count: v.number(),
  }).index("by_pair", ["pair", "side"]),
});

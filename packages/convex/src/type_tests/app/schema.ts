import { defineSchema, defineTable } from "@tandem/convex/server";
import { v } from "@tandem/convex/values";

const attachment = v.union(
  v.object({ kind: v.literal("file"), file: v.id("_storage"), size: v.number() }),
  v.object({ kind: v.literal("link"), url: v.string(), preview: v.optional(v.string()) }),
);

const schema = defineSchema({
  users: defineTable({
    name: v.string(),
    tokenIdentifier: v.string(),
    address: v.optional(v.object({ city: v.string(), geo: v.object({ lat: v.number(), lng: v.number() }) })),
    roles: v.array(v.union(v.literal("admin"), v.literal("member"))),
    settings: v.record(v.string(), v.boolean()),
    embedding: v.array(v.float64()),
  })
    .index("by_token", ["tokenIdentifier"])
    .index("by_city", ["address.city", "name"])
    .vectorIndex("by_embedding", { vectorField: "embedding", dimensions: 3, filterFields: ["name"] }),
  channels: defineTable({ name: v.string(), counter: v.int64(), raw: v.optional(v.bytes()) }),
  messages: defineTable({
    channel: v.id("channels"),
    author: v.id("users"),
    body: v.string(),
    likes: v.number(),
    attachment: v.optional(attachment),
    editedAt: v.nullable(v.number()),
  })
    .index("by_channel", ["channel", "likes"])
    .index("by_author", { fields: ["author"] })
    .index("later", { fields: ["body"], staged: true })
    .searchIndex("search_body", { searchField: "body", filterFields: ["channel"] }),
  events: defineTable(
    v.union(
      v.object({ type: v.literal("joined"), user: v.id("users") }),
      v.object({ type: v.literal("renamed"), from: v.string(), to: v.string() }),
    ),
  ).index("by_type", ["type"]),
  anything: defineTable(v.any()),
});

export { attachment, schema };

import { paginationOptsValidator, paginationResultValidator } from "@tandem/convex/server";
import { ConvexError, type Infer, v } from "@tandem/convex/values";
import { internal } from "./api.ts";
import { attachment, schema } from "./schema.ts";
import {
  action,
  type Doc,
  type Id,
  internalAction,
  internalMutation,
  internalQuery,
  type MutationCtx,
  mutation,
  type QueryCtx,
  query,
} from "./server.ts";

export async function currentUser(ctx: QueryCtx | MutationCtx): Promise<Doc<"users">> {
  const identity = await ctx.auth.getUserIdentity();
  if (identity === null) throw new ConvexError({ code: "signed-out" });
  const user = await ctx.db
    .query("users")
    .withIndex("by_token", (q) => q.eq("tokenIdentifier", identity.tokenIdentifier))
    .unique();
  if (user === null) throw new ConvexError("unknown user");
  return user;
}

export const list = query({
  args: { channel: v.id("channels"), atLeast: v.optional(v.number()) },
  returns: v.array(v.object({ _id: v.id("messages"), body: v.string(), author: v.nullable(v.string()) })),
  handler: async (ctx, { channel, atLeast }) => {
    const messages = await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel).gte("likes", atLeast ?? 0))
      .order("desc")
      .filter((q) => q.and(q.neq(q.field("body"), ""), q.gt(q.add(q.field("likes"), 1), 0)))
      .take(50);
    return Promise.all(
      messages.map(async ({ _id, body, author }) => ({
        _id,
        body,
        author: (await ctx.db.get(author))?.name ?? null,
      })),
    );
  },
});

export const page = query({
  args: { channel: v.id("channels"), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(schema.doc("messages")),
  handler: (ctx, { channel, paginationOpts }) =>
    ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel))
      .paginate(paginationOpts),
});

export const inCity = internalQuery({
  args: { city: v.string() },
  handler: async (ctx, { city }) => {
    const names: string[] = [];
    const users = ctx.db
      .query("users")
      .withIndex("by_city", (q) => q.eq("address.city", city).gt("name", "a").lt("name", "z"));
    for await (const user of users) names.push(`${user.name} at ${user.address?.geo.lat ?? "nowhere"}`);
    return names;
  },
});

export const send = mutation({
  args: { channel: v.id("channels"), body: v.string(), attachment: v.optional(attachment) },
  handler: async (ctx, args) => {
    const author = await currentUser(ctx);
    const id = await ctx.db.insert("messages", { ...args, author: author._id, likes: 0, editedAt: null });
    await ctx.scheduler.runAfter(0, internal.messages.notify, { id });
    const channel = await ctx.db.get("channels", args.channel);
    if (channel) await ctx.db.patch("channels", channel._id, { counter: channel.counter + 1n });
    return id;
  },
});

export const edit = mutation({
  args: { id: v.id("messages"), body: v.string() },
  returns: v.null(),
  handler: async (ctx, { id, body }) => {
    await ctx.db.patch(id, { body, attachment: undefined, editedAt: Date.now() });
    const message = await ctx.db.get(id);
    if (message?.attachment?.kind === "file") await ctx.storage.delete(message.attachment.file);
    const cities: string[] = await ctx.runQuery(internal.messages.inCity, { city: "Bern" });
    if (cities.length > 100) await ctx.runMutation(internal.messages.clear, {});
  },
});

export const clear = internalMutation({
  args: {},
  handler: async (ctx) => {
    for (const message of await ctx.db.query("messages").collect()) await ctx.db.delete(message._id);
    await ctx.db.insert("events", { type: "renamed", from: "a", to: "b" });
  },
});

export const notify = internalAction({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }): Promise<Infer<typeof attachment> | null> => {
    const found = await ctx.vectorSearch("users", "by_embedding", {
      vector: [1, 2, 3],
      filter: (q) => q.or(q.eq("name", "Ada"), q.eq("name", "Alan")),
    });
    const nearest: Id<"users"> | undefined = found[0]?._id;
    await ctx.runMutation(internal.messages.clear);
    return nearest && id ? { kind: "link", url: "https://example.com" } : null;
  },
});

export const search = query(async (ctx, { text }: { text: string }) => {
  const found = await ctx.db
    .query("messages")
    .withSearchIndex("search_body", (q) => q.search("body", text).eq("channel", "c" as Id<"channels">))
    .take(5);
  return found.map(({ body }) => body);
});

export const ping = action(async () => "pong" as const);

export const bare = query({ handler: async (ctx) => (await ctx.db.query("anything").first())?.whatever });

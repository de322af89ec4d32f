import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server";
import schema from "./schema";

const MAX_BODY_LENGTH = 1000;
const MAX_AUTHOR_LENGTH = 40;

const message = schema.tables.messages.validator.extend({
  _id: v.id("messages"),
  _creationTime: v.number(),
});

/** The messages of a room, newest first, a page at a time. */
export const list = query({
  args: { room: v.id("rooms"), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(message),
  handler: (ctx, { room, paginationOpts }) =>
    ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .order("desc")
      .paginate(paginationOpts),
});

/** Adds a message to a room. Whoever looks at the room sees it at once. */
export const send = mutation({
  args: { room: v.id("rooms"), author: v.string(), body: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const author = args.author.trim();
    const body = args.body.trim();
    if (author === "" || author.length > MAX_AUTHOR_LENGTH) {
      throw new ConvexError({
        code: "bad_author",
        message: `A name has 1 to ${MAX_AUTHOR_LENGTH} characters.`,
      });
    }
    if (body === "") {
      throw new ConvexError({ code: "empty", message: "A message needs some text." });
    }
    if (body.length > MAX_BODY_LENGTH) {
      throw new ConvexError({
        code: "too_long",
        message: `A message has at most ${MAX_BODY_LENGTH} characters, this one has ${body.length}.`,
      });
    }
    if ((await ctx.db.get(args.room)) === null) {
      throw new ConvexError({ code: "no_room", message: "This room is not there any more." });
    }
    await ctx.db.insert("messages", { room: args.room, author, body });
    return null;
  },
});

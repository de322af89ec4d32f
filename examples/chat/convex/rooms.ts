import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server";
import schema from "./schema";

const MAX_ROOMS = 100;
const MAX_NAME_LENGTH = 32;

const room = schema.tables.rooms.validator.extend({
  _id: v.id("rooms"),
  _creationTime: v.number(),
});

/** All rooms, oldest first. */
export const list = query({
  args: {},
  returns: v.array(room),
  handler: (ctx) => ctx.db.query("rooms").take(MAX_ROOMS),
});

/** Opens a room and returns its id. Refuses an empty, long or taken name. */
export const create = mutation({
  args: { name: v.string() },
  returns: v.id("rooms"),
  handler: async (ctx, args) => {
    const name = args.name.trim().toLowerCase().replaceAll(/\s+/g, "-");
    if (name === "") {
      throw new ConvexError({ code: "empty", message: "A room needs a name." });
    }
    if (name.length > MAX_NAME_LENGTH) {
      throw new ConvexError({
        code: "too_long",
        message: `The name of a room has at most ${MAX_NAME_LENGTH} characters, this one has ${name.length}.`,
      });
    }
    const taken = await ctx.db
      .query("rooms")
      .withIndex("by_name", (q) => q.eq("name", name))
      .first();
    if (taken !== null) {
      throw new ConvexError({ code: "taken", message: `There is a room named ${name} already.` });
    }
    if ((await ctx.db.query("rooms").take(MAX_ROOMS)).length === MAX_ROOMS) {
      throw new ConvexError({ code: "full", message: `There are ${MAX_ROOMS} rooms already.` });
    }
    return await ctx.db.insert("rooms", { name, topic: "" });
  },
});

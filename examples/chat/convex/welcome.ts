import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

const messages = [
  ["Ada", "Welcome! This chat is the first thing Tandem shows you, and all of it is yours to change."],
  ["Ada", "Open this page in a second window, side by side. What you send in one is in the other at once."],
  ["Grace", "Nobody wrote any code to push it there: the page asks a query, and the query is live."],
  [
    "Grace",
    "The query is in convex/messages.ts. Change it, save, and look here again: it is pushed while you watch.",
  ],
  ["Linus", "And if I stop the server in the middle of a sentence?"],
  ["Ada", "Then a banner tells you, your message waits here, and it goes out as soon as the server is back."],
] as const;

/**
 * Fills an empty database with something to look at; does nothing if there is a room already.
 * Run it with `npx convex run welcome:seed`.
 */
export const seed = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    if ((await ctx.db.query("rooms").first()) !== null) {
      return null;
    }
    const room = await ctx.db.insert("rooms", { name: "welcome", topic: "Say hello, look around" });
    await ctx.db.insert("rooms", { name: "ideas", topic: "What will you build?" });
    for (const [author, body] of messages) {
      await ctx.db.insert("messages", { room, author, body });
    }
    return null;
  },
});

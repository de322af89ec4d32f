import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";

export const whoami = query({
  args: {},
  returns: v.any(),
  handler: (ctx) => ctx.auth.getUserIdentity(),
});

export const whoamiInMutation = mutation({
  args: {},
  returns: v.any(),
  handler: (ctx) => ctx.auth.getUserIdentity(),
});

export const whoamiInAction = action({
  args: {},
  returns: v.any(),
  handler: (ctx) => ctx.auth.getUserIdentity(),
});

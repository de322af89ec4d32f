import type { WithoutSystemFields } from "@tandem/convex/server";
import { v } from "@tandem/convex/values";
import { type Doc, mutation, query } from "./server.ts";

/** Not a function of the backend: the API must leave it out. */
export function newUser(name: string, tokenIdentifier: string): WithoutSystemFields<Doc<"users">> {
  return { name, tokenIdentifier, roles: ["member"], settings: {}, embedding: [0, 0, 0] };
}

export const store = mutation({
  args: v.object({ name: v.string() }),
  handler: async (ctx, { name }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return null;
    const plan: unknown = identity["https://example.com/plan"];
    const email: string | undefined = identity.email;
    return ctx.db.insert("users", newUser(`${name} ${email} ${String(plan)}`, identity.tokenIdentifier));
  },
});

// biome-ignore lint/style/noDefaultExport: a function may be a module's default export, and is named by the module alone.
export default query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const normal = ctx.db.normalizeId("users", id);
    const job = await ctx.db.system.query("_scheduled_functions").first();
    const failed = job?.state.kind === "failed" ? job.state.error : null;
    return normal && { user: await ctx.db.get(normal), failed };
  },
});

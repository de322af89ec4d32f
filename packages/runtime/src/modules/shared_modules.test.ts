import { describe, expect, test } from "vitest";
import { type RealmHost, realmSnapshot, Sandbox } from "../isolate/isolate.ts";
import { DEFAULT_ISOLATE_LIMITS } from "../isolate/limits.ts";
import { bundleFunctions, type ConvexPackage } from "../testing/bundle_functions.ts";
import { prepareVersion } from "./prepare_version.ts";

// An entry that cannot be shared is evaluated for each call: some hundred microseconds instead of ten.

const files = {
  "schema.ts": `
    import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";
    export const role = v.union(v.literal("admin"), v.literal("member"));
    export default defineSchema({ users: defineTable({ name: v.string(), role, more: v.optional(v.any()) }).index("by_name", ["name"]) });`,
  "lib.ts": `
    import { customError } from "./errors.ts";
    export const LIMITS = { most: 10, names: ["a", "b"] } as const;
    export const ROLES = new Set(["admin", "member"]);
    export const RANKS = new Map([["admin", 2], ["member", 1]]);
    export const SLUG = /^[a-z]+$/g;
    const since = new Date(0);
    export class Money { #cents: number; constructor(cents: number) { this.#cents = cents; } get cents() { return this.#cents; } static readonly none = new Money(0); }
    export function slug(text: string) { return customError(text) ?? text.toLowerCase() + since.getTime(); }`,
  "errors.ts": `
    import { ConvexError } from "convex/values";
    export class NotFound extends ConvexError<string> { name = "NotFound"; }
    export const customError = (text: string) => (text === "" ? new NotFound("empty") : null);`,
  "users.ts": `
    import { queryGeneric as query, mutationGeneric as mutation, internalMutationGeneric, paginationOptsValidator, anyApi } from "convex/server";
    import { v, compareValues, convexToJson, jsonToConvex } from "convex/values";
    import { LIMITS, Money, RANKS, ROLES, slug } from "./lib.ts"; import { role } from "./schema.ts";
    const withRole = (handler: any) => query({ args: { role, paginationOpts: paginationOptsValidator }, returns: v.any(), handler: async (ctx: any, args: any) => handler(ctx, args, ROLES.has(args.role)) });
    export const list = withRole(async (ctx: any, args: any) => ctx.db.query("users").withIndex("by_name", (q: any) => q.eq("name", slug("X"))).paginate(args.paginationOpts));
    export const rename = mutation({ args: { id: v.id("users"), name: v.string() }, handler: async (ctx: any, { id, name }: any) => { await ctx.db.patch(id, { name: slug(name) }); return [LIMITS.most, RANKS.get("admin"), Money.none.cents, compareValues(1, 2)]; } });
    export const later = internalMutationGeneric(async (ctx: any) => { await ctx.scheduler.runAfter(0, anyApi.users.later, {}); return jsonToConvex(convexToJson(1n)); });`,
  "http.ts": `
    import { httpActionGeneric, httpRouter } from "convex/server";
    const http = httpRouter(); http.route({ path: "/x", method: "GET", handler: httpActionGeneric(async () => new Response("x")) }); export default http;`,
  "crons.ts": `
    import { anyApi, cronJobs } from "convex/server";
    const crons = cronJobs(); crons.interval("clean", { minutes: 1 }, anyApi.users.later); export default crons;`,
};

const silent: RealmHost = {
  sync: () => "",
  async: () => "",
  done: () => {},
  seed: () => "",
  call: () => "+",
};

describe.each<ConvexPackage>(["@tandem/convex", "convex-genuine"])("an app on %s", (convex) => {
  test("is evaluated once, and shared by all calls", async () => {
    const modules = await bundleFunctions(files, convex);
    const phase = { importClock: 1_700_000_000_000, importSeed: "5eed" };
    const version = await prepareVersion({ id: "v1", modules, analysis: [], ...phase });
    expect(version.modules.filter(({ way }) => way !== "shared").map(({ path }) => path)).toEqual([]);
    const sandbox = new Sandbox(await realmSnapshot(), DEFAULT_ISOLATE_LIMITS, silent);
    const realm = sandbox.warm;
    for (const { path } of version.modules) {
      realm.prepare(version, path, sandbox.scripts);
      expect([path, realm.share.applySync(undefined, ["v1", path])]).toEqual([path, "[]"]);
    }
    sandbox.dispose();
  });
});

test("a version that is forgotten gives its memory back", async () => {
  const modules = await bundleFunctions({
    "big.ts": `export const text = new Array(400_000).fill("0123456789").join("");`,
  });
  const limits = { ...DEFAULT_ISOLATE_LIMITS, hardHeap: 128 };
  const sandbox = new Sandbox(await realmSnapshot(), limits, silent);
  const realm = sandbox.warm;
  // 200 MB of versions, one after the other.
  for (let push = 0; push < 50; push++) {
    const id = `v${push}`;
    const version = await prepareVersion({ id, modules, analysis: [], importClock: 0, importSeed: "" });
    realm.prepare(version, "big.js", sandbox.scripts);
    expect(realm.share.applySync(undefined, [id, "big.js"])).toBe("[]");
    sandbox.scripts.retire(id);
    realm.forget(id);
  }
  sandbox.dispose();
});

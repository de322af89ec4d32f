import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { RecordingHost } from "./abi/recording_host.ts";

// The runtime evaluates a module once and then freezes all that can be reached from it, with the realm's own objects.
// This package is in every such module, so it has to work in that state, call after call.

const app = `
  import {
    anyApi, componentsGeneric, createFunctionHandle, cronJobs, defineApp, defineSchema, defineTable, httpActionGeneric,
    httpRouter, internalActionGeneric, log, mutationGeneric, paginationOptsValidator, queryGeneric,
  } from "./index.ts";
  import { ConvexError, v } from "../values/index.ts";
  const plain = { handler: async () => null };
  export const write = mutationGeneric({
    args: { body: v.string(), to: v.optional(v.string()) },
    returns: v.any(),
    handler: async (ctx, args) => {
      const id = await ctx.db.insert("notes", args);
      await ctx.db.patch(id, { likes: 1, body: undefined });
      await ctx.db.replace(id, { likes: 2 });
      await ctx.scheduler.runAfter(5, anyApi.notes.write, { name: "x" });
      const found = await ctx.db.query("notes")
        .withIndex("by", q => q.eq("a", 1).gt("b", 2n)).order("desc").filter(q => q.eq(q.field("a"), null)).collect();
      await ctx.runQuery(componentsGeneric().mail.list, { found });
      await ctx.storage.getUrl("file");
      await ctx.auth.getUserIdentity();
      await log.audit({ by: log.vars.ip, toString: 1 });
      return [found, await ctx.db.query("notes").first(), ctx.meta.getSnapshotTs()];
    },
  });
  export const read = queryGeneric({
    args: { paginationOpts: paginationOptsValidator },
    handler: async (ctx, { paginationOpts }) => ctx.db.query("notes").paginate(paginationOpts),
  });
  export const act = internalActionGeneric(async (ctx) => {
    await ctx.runMutation(anyApi.notes.write, {});
    return ctx.vectorSearch("notes", "near", { vector: [1], filter: q => q.eq("a", 1) });
  });
  export const fail = queryGeneric(() => { throw new ConvexError({ code: 1n }); });
  export const inherited = mutationGeneric(async (ctx, args) => {
    await ctx.db.insert("notes", { toString: "own", ...args });
    return { constructor: "own" };
  });
  export const nested = mutationGeneric(async (ctx) => ctx.db.delete("notes:none"));
  export const declare = () => {
    const crons = cronJobs();
    crons.interval("constructor", { seconds: 1 }, anyApi.a.b);
    const table = defineTable({ a: v.object({ b: v.any() }) });
    const staged = table.index("by", ["a"]).staged({ c: v.string() });
    const http = httpRouter();
    http.route({ path: "/a", method: "GET", handler: httpActionGeneric(async () => new Response()) });
    return [crons.export(), defineSchema({ toString: staged }).export(), http.getRoutes().length,
      JSON.stringify(defineApp({ env: { A: v.string() } }).export())].join();
  };
`;

async function bundle(contents: string, minify = false): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    minify,
    // As in a module: a write that a frozen object refuses is an error.
    banner: { js: '"use strict";' },
    format: "iife",
    globalName: "app",
    target: "esnext",
    conditions: ["tandem-source"],
  });
  return outputFiles[0]!.text;
}

/** Freezes everything that can be reached from the global object, the module's exports among it. */
const freezeAll = `(() => {
  const seen = new Set();
  const visit = (value) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    visit(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key);
      visit(inner); visit(get); visit(set);
    }
    if (value !== globalThis) Object.freeze(value);
  };
  visit(globalThis);
  visit(async () => 1);
  visit((async function* () {})());
  visit([][Symbol.iterator]());
})()`;

// biome-ignore lint/suspicious/noExplicitAny: the bundle's exports, which only this test knows.
let world: any;
let host: RecordingHost;

beforeAll(async () => {
  host = new RecordingHost();
  world = vm.createContext({});
  vm.runInContext((await bundle(app)).replace("var app =", "globalThis.app ="), world);
  vm.runInContext(freezeAll, world);
  world.Convex = { syscall: host.syscall, asyncSyscall: host.asyncSyscall, jsSyscall: host.jsSyscall };
});

describe("in a frozen realm", () => {
  it("runs mutations, again and again, each as if it were the first", async () => {
    const ops = async () => {
      const before = host.calls.length;
      const result = await world.app.write.invokeMutation('[{"body":"x"}]');
      return { result: JSON.parse(result), ops: host.calls.slice(before).map(({ op }) => op) };
    };
    const first = await ops();
    expect(first.ops).toContain("1.0/schedule");
    expect((await ops()).ops.length).toBeGreaterThanOrEqual(first.ops.length);
  });

  it("runs queries and actions", async () => {
    const page = await world.app.read.invokeQuery('[{"paginationOpts":{"numItems":1,"cursor":null}}]');
    expect(JSON.parse(page)).toMatchObject({ isDone: false, continueCursor: "c1" });
    expect(JSON.parse(await world.app.act.invokeAction("r1", "[{}]"))).toEqual([{ _id: "d1", _score: 0.5 }]);
  });

  it("passes errors with their data", async () => {
    await expect(world.app.fail.invokeQuery("[{}]")).rejects.toMatchObject({
      data: '{"code":{"$integer":"AQAAAAAAAAA="}}',
    });
    await expect(world.app.nested.invokeMutation("[{}]")).rejects.toMatchObject({
      message: "Document notes:none does not exist",
    });
  });

  it("keeps fields with the names of what every object inherits", async () => {
    const result = await world.app.inherited.invokeMutation('[{"valueOf":"own"}]');
    expect(result).toBe('{"constructor":"own"}');
    expect(host.calls.at(-1)?.args).toEqual({ table: "notes", value: { toString: "own", valueOf: "own" } });
  });

  it("exports what a push reads", () => {
    expect(JSON.parse(world.app.write.exportArgs())).toMatchObject({ type: "object" });
    expect(world.app.declare()).toContain('"constructor"');
  });
});

describe("in a bundle", () => {
  it("brings nothing along that is not used", async () => {
    const text = await bundle('export { queryGeneric, mutationGeneric } from "./index.ts";');
    expect(text).not.toMatch(/HttpRouter|Crons|TableDefinition|defineApp|auditLog/);
  });

  it("gives a browser the names of functions and nothing else", async () => {
    const text = await bundle('export { anyApi, getFunctionName, makeFunctionReference } from "./index.ts";');
    expect(text).not.toMatch(/asyncSyscall|ConvexError|Validator/);
    expect(gzipSync(text).length).toBeLessThan(1500);
  });

  it("is no larger than the genuine package", async () => {
    const names = "{ queryGeneric, mutationGeneric, actionGeneric }";
    const [ours, genuine] = await Promise.all([
      bundle(`export ${names} from "./index.ts"; export { v } from "../values/index.ts";`, true),
      bundle(
        `export ${names} from "convex-genuine/server"; export { v } from "convex-genuine/values";`,
        true,
      ),
    ]);
    expect(ours.length).toBeLessThanOrEqual(genuine.length);
  });
});

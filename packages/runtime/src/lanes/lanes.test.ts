import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";

const files = {
  "c.ts": `
import { queryGeneric as query, mutationGeneric as mutation } from "convex/server";
export const add = mutation(async (ctx) => { const one = await ctx.db.query("c").first(); if (one === null) await ctx.db.insert("c", { n: 1 }); else await ctx.db.patch(one._id, { n: one.n + 1 }); return one === null ? 1 : one.n + 1; });
export const get = query(async (ctx) => (await ctx.db.query("c").first())?.n ?? 0);
export const loop = query(async () => { for (;;) {} });
export const endless = mutation(async (ctx) => { await ctx.db.insert("lost", {}); for (;;) {} });
export const calls = mutation(async (ctx, { what }) => { try { return await ctx.runQuery(what); } catch { return "caught"; } });
export const growing = query(async () => { const m = new Map(); for (let i = 0; ; i++) m.set(i, { i }); });
export const throws = mutation(async (ctx, { what }) => { await ctx.db.insert("lost", {}); throw [new Error("x"), null, "text", { get message() { throw 1; } }][what]; });
export const never = mutation(async (ctx) => { await ctx.db.insert("lost", {}); await new Promise(() => {}); });
export const unheard = mutation(async (ctx) => { await ctx.db.insert("lost", {}); Promise.reject(new Error("nobody listens")); });
export const late = mutation(async (ctx) => { void (async () => { for (let i = 0; i < 50; i++) await null; await ctx.db.insert("late", {}); })(); });
export const lost = query(async (ctx) => (await ctx.db.query("lost").collect()).length);
export const lates = query(async (ctx) => (await ctx.db.query("late").collect()).length);
export const grow = mutation(async () => { const m = new Map(); for (let i = 0; ; i++) m.set(i, { i }); });
`,
};

let app: RunningLanes;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-lanes-"));
  app = await startLanes(files, { sqlite: join(folder, "db.sqlite") });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

test("mutations on one document do not disturb each other, and are on disk when they answer", async () => {
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => app.mutation("c:add")));
  const answers = outcomes.map(({ result }) => (result.kind === "value" ? JSON.parse(result.value) : result));
  expect(answers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(app.engine.durable).toBeGreaterThanOrEqual(Math.max(...outcomes.map(({ ts }) => ts!)));
  expect(await app.value("c:get")).toBe(100);
});

test("a lane goes on when transactions of others come between", async () => {
  const mine = Array.from({ length: 20 }, () => app.mutation("c:add"));
  const theirs = app.engine.transact({ source: "test" }, async (tx) => {
    const rows = await tx.scan("c", "by_creation_time", { start: "", end: null }, "asc", 1);
    await tx.patch(rows[0]!.document.id, { n: 1000 });
  });
  const outcomes = await Promise.all(mine);
  await theirs;
  expect(outcomes.every(({ result }) => result.kind === "value")).toBe(true);
  const last = await app.value("c:get");
  expect([120, 1000, 1020].includes(last as number) || (last as number) > 1000).toBe(true);
});

test("code that will not end, or takes all memory, ends neither its lane nor the process", async () => {
  expect((await app.query("c:loop")).result).toMatchObject({
    message: "Function execution timed out (maximum duration: 1s)",
  });
  expect((await app.mutation("c:grow")).result.kind).toBe("error");
  expect((await app.mutation("c:add")).result.kind).toBe("value");
});

test.each([
  ["loops forever", "c:endless", {}],
  ["takes all memory", "c:grow", {}],
  ["throws an error", "c:throws", { what: 0 }],
  ["throws null", "c:throws", { what: 1 }],
  ["throws text", "c:throws", { what: 2 }],
  ["throws what cannot be read", "c:throws", { what: 3 }],
  ["never resolves", "c:never", {}],
  ["leaves a rejection that nobody handles", "c:unheard", {}],
])("a call that %s fails alone, of all that were waiting with it", async (_, path, args) => {
  const before = (await app.value("c:get")) as number;
  const outcomes = await Promise.all([
    app.mutation("c:add"),
    app.mutation(path, args),
    app.mutation("c:add"),
    app.mutation(path, args),
    app.mutation("c:add"),
  ]);
  expect(outcomes.map(({ result }) => result.kind)).toEqual(["value", "error", "value", "error", "value"]);
  expect(await app.value("c:get")).toBe(before + 3);
  expect(await app.value("c:lost")).toBe(0);
});

test("what a call does after its result belongs to it, not to the next one", async () => {
  const outcomes = await Promise.all(
    ["c:late", "c:throws", "c:late"].map((path) => app.mutation(path, { what: 0 })),
  );
  expect(outcomes.map(({ usage }) => usage.documentsWritten)).toEqual([1, 1, 1]);
  expect(await app.value("c:lates")).toBe(2);
});

test.each(["c:loop", "c:growing"])(
  "a call that calls %s is over with it: it is told the limit, and cannot catch it",
  async (what) => {
    const { result } = await app.mutation("c:calls", { what });
    expect(result).toMatchObject({
      kind: "error",
      message: expect.stringMatching(
        /^(Function execution timed out|JavaScript execution ran out of memory)/,
      ),
    });
    expect((await app.mutation("c:add")).result.kind).toBe("value");
  },
);

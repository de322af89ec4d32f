import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";

const MIB = 2 ** 20;
let app: RunningLanes;
beforeAll(async () => {
  // Sizes are what is looked at here: two million values may take a busy machine longer than a call's second.
  const options = { limits: { userTime: 10_000 } };
  const files = {
    "sizes.ts": `
import { queryGeneric as query } from "convex/server";
export const take = query(async (ctx, { text }) => text.length);
export const give = query(async (ctx, { length }) => "x".repeat(length));
export const viaNested = query(async (ctx, args) => (await ctx.runQuery("sizes:give", args)).length);
export const look = query(async (ctx, { times }) => {
  for (let i = 0; i < times; i++) await ctx.db.query("things").withIndex("by_creation_time", (q) => q.eq("_creationTime", i)).first();
});
export const many = query(async (ctx, { times }) => Array.from({ length: times }, () => 1));
`,
  };
  app = await startLanes(files, options);
  await app.engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 1 }));
});
afterAll(() => app.close());

test("arguments may have 16 MiB and no more", async () => {
  expect(await app.value("sizes:take", { text: "x".repeat(15 * MIB) })).toBe(15 * MIB);
  expect((await app.query("sizes:take", { text: "x".repeat(16 * MIB) })).result).toMatchObject({
    message: `Arguments for sizes:take are too large (actual: ${16 * MIB + 9}, limit: ${16 * MIB})`,
    code: "TooLargeFunctionArguments",
  });
});

test("a result may have 16 MiB and no more, however short its text", async () => {
  expect((await app.query("sizes:give", { length: 16 * MIB })).result).toMatchObject({
    message: `Function sizes:give return value is too large (actual: ${16 * MIB + 2}, limit: ${16 * MIB})`,
    code: "TooLargeFunctionResult",
  });
  expect((await app.query("sizes:many", { times: 2 * MIB })).result).toMatchObject({
    code: "TooLargeFunctionResult",
  });
  expect((await app.query("sizes:viaNested", { length: 16 * MIB })).result).toMatchObject({
    message: expect.stringContaining("sizes:give return value is too large"),
  });
});

test("who comes near a limit is warned in the log", async () => {
  expect((await app.query("sizes:give", { length: 14 * MIB })).logs).toMatchObject([
    { level: "WARN", systemMetadata: { code: "warning:TooLargeFunctionResult" } },
  ]);
  expect((await app.query("sizes:look", { times: 3500 })).logs).toMatchObject([
    {
      level: "WARN",
      systemMetadata: { code: "warning:TooManyReads" },
      messages: [expect.stringContaining("(actual: 3500, limit: 4096)")],
    },
  ]);
  expect((await app.query("sizes:look", { times: 10 })).logs).toEqual([]);
});

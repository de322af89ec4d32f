import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";

let running: RunningLanes | null = null;
let folder = "";

afterEach(async () => {
  await running?.close();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

const counters = {
  "counters.ts": `
    import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
    export const make = mutation(async (ctx) => ctx.db.insert("counters", { n: 0 }));
    export const add = mutation(async (ctx, { id }) => {
      const { n } = await ctx.db.get(id);
      await ctx.db.patch(id, { n: n + 1 });
    });
    export const read = query(async (ctx, { id }) => (await ctx.db.get(id)).n);
  `,
};

async function start(): Promise<RunningLanes> {
  folder = mkdtempSync(join(tmpdir(), "tandem-database-"));
  running = await startLanes(counters, { sqlite: join(folder, "data.sqlite") });
  return running;
}

test("a transaction of the host does not lose twice against mutations that never pause", async () => {
  const { engine, mutation, value } = await start();
  const id = (await value("counters:make")) as string;
  let isOver = false;
  let mutations = 0;
  const client = async () => {
    while (!isOver) {
      await mutation("counters:add", { id });
      mutations++;
    }
  };
  const clients = Promise.all(Array.from({ length: 20 }, client));
  let mostAttempts = 0;
  for (let i = 0; i < 30; i++) {
    let attempts = 0;
    await engine.transact({ source: "test" }, async (tx) => {
      attempts++;
      const document = JSON.parse((await tx.get(id))!.json) as { n: number };
      await tx.patch(id, { n: document.n + 1 });
    });
    mostAttempts = Math.max(mostAttempts, attempts);
  }
  isOver = true;
  await clients;
  expect(mostAttempts).toBeLessThanOrEqual(2);
  expect(mutations).toBeGreaterThan(0);
  expect(await value("counters:read", { id })).toBe(mutations + 30);
});

test("a transaction that waits for something else holds nobody up for long", async () => {
  const { engine, mutation, value } = await start();
  const id = (await value("counters:make")) as string;
  let attempts = 0;
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const slow = engine.transact({ source: "test" }, async (tx) => {
    const document = JSON.parse((await tx.get(id))!.json) as { n: number };
    if (attempts++ === 0) await mutation("counters:add", { id });
    if (attempts === 2) await end;
    await tx.patch(id, { n: document.n + 10 });
  });
  // Kept back until the hold, which its transaction does not use, ends by itself.
  while (attempts < 2) await new Promise((resolve) => setImmediate(resolve));
  await mutation("counters:add", { id });
  finish();
  await slow;
  expect(await value("counters:read", { id })).toBe(12);
  expect(attempts).toBe(3);
});

test("what has been answered is there when the database is opened again", async () => {
  const first = await start();
  const id = (await first.value("counters:make")) as string;
  await Promise.all(Array.from({ length: 50 }, () => first.mutation("counters:add", { id })));
  await first.close();
  running = await startLanes(counters, { sqlite: join(folder, "data.sqlite") });
  expect(await running.value("counters:read", { id })).toBe(50);
});

test("a database is open once", async () => {
  await start();
  await expect(startLanes(counters, { sqlite: join(folder, "data.sqlite") })).rejects.toThrow(
    "is open in another Tandem process",
  );
});

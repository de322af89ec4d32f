import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CatalogImage,
  EMPTY_CATALOG,
  LaneView,
  plainTableId,
  type SnapshotReader,
} from "@tandem/engine";
import { afterEach, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";
import { SessionRequests } from "./session_requests.ts";

const files = {
  "c.ts": `
import { queryGeneric as query, mutationGeneric as mutation } from "convex/server";
export const add = mutation(async (ctx) => { await ctx.db.insert("c", {}); return (await ctx.db.query("c").collect()).length; });
export const count = query(async (ctx) => (await ctx.db.query("c").collect()).length);
`,
};

const ended: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function started(sqlite?: string): Promise<RunningLanes> {
  const app = await startLanes(files, sqlite === undefined ? {} : { sqlite });
  ended.push(() => app.close());
  return app;
}

const add = async (app: RunningLanes, requestId: number, sessionId = "s") => {
  const { result } = await app.mutation("c:add", {}, { once: { sessionId, requestId } });
  return result.kind === "value" ? JSON.parse(result.value) : result;
};

test("a request that is sent again gets the answer that it got, and happens once", async () => {
  const app = await started();
  expect([
    await add(app, 0),
    await add(app, 1),
    await add(app, 0),
    await add(app, 1),
    await add(app, 2),
  ]).toEqual([1, 2, 1, 2, 3]);
  expect(await Promise.all([add(app, 3), add(app, 3), add(app, 3)])).toEqual([4, 4, 4]);
  expect(await app.value("c:count")).toBe(4);
});

test("sessions whose names begin alike are told apart", async () => {
  const app = await started();
  expect([
    await add(app, 5, "a"),
    await add(app, 1, "a:1"),
    await add(app, 5, "a:1"),
    await add(app, 15, "a"),
  ]).toEqual([1, 2, 3, 4]);
  expect([await add(app, 5, "a"), await add(app, 5, "a:1")]).toEqual([1, 3]);
});

test("a request that is sent again after a restart gets the answer that it got", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-requests-"));
  ended.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "db.sqlite");
  const before = await startLanes(files, { sqlite: path });
  // More than a lane reads of a session at once, and fewer.
  await Promise.all(Array.from({ length: 100 }, (_, id) => add(before, id, "long")));
  await add(before, 7, "short");
  await before.close();
  const after = await started(path);
  expect([await add(after, 99, "long"), await add(after, 8, "long"), await add(after, 7, "short")]).toEqual([
    100, 9, 101,
  ]);
  expect([await add(after, 100, "long"), await add(after, 8, "short")]).toEqual([102, 103]);
  expect([await add(after, 100, "long"), await add(after, 8, "short")]).toEqual([102, 103]);
});

test("an answer that another part of the system has written is found, though the session was known", async () => {
  const app = await started();
  await add(app, 0);
  await app.engine.transact({ source: "test", system: true }, (tx) => {
    const result = { kind: "value", value: '"written elsewhere"' };
    tx.putRow("_session_requests", "s:1", JSON.stringify({ at: 0, result, logs: [] }));
  });
  expect(await add(app, 1)).toBe("written elsewhere");
  expect(await add(app, 2)).toBe(2);
});

test("the store is asked for the rows of a session once, and what was decided without it is in the read set", () => {
  let asked = 0;
  const table = plainTableId("_session_requests");
  const empty: SnapshotReader = {
    get(tableId) {
      if (tableId === table) asked++;
      return null;
    },
    scan() {
      asked++;
      return [];
    },
  };
  const view = new LaneView(empty, { durable: 0, catalog: EMPTY_CATALOG as CatalogImage });
  const requests = new SessionRequests();
  const run = (requestId: number) => {
    const tx = view.begin({ begin: 1, random: { bytes: (count) => new Uint8Array(count) } });
    const once = { sessionId: "s", requestId };
    const earlier = requests.earlier(tx, once);
    requests.answered(tx, once, `answer ${requestId}`);
    return { earlier, reads: view.finish(tx).reads };
  };
  expect([run(1), run(2), run(5)].map(({ earlier }) => earlier)).toEqual([null, null, null]);
  expect(asked).toBe(1);
  const { reads } = run(6);
  expect(reads).toEqual([{ indexId: table, start: expect.stringContaining("s:6") }]);
  expect(run(5).earlier).toBe("answer 5");
  requests.news({
    kind: "foreign",
    sequence: 1,
    ts: 1,
    writes: {
      documents: [{ tableId: table, id: "t:1", document: null }],
      indexEntries: [],
      touched: [],
      changesCatalog: false,
    },
  });
  run(7);
  expect(asked).toBe(2);
});

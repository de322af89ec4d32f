import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLanes, resultValue, startLanes } from "../testing/start_lanes.ts";

const files = {
  "n.ts": `
import { queryGeneric as query, mutationGeneric as mutation } from "convex/server";
import { v } from "convex/values";
export const add = mutation({ args: { i: v.number() }, handler: async (ctx, { i }) => ctx.db.insert("n", { i }) });
export const page = query({ args: { opts: v.any(), order: v.string(), even: v.boolean() }, handler: async (ctx, { opts, order, even }) => {
  const all = ctx.db.query("n").order(order);
  const page = await (even ? all.filter((q) => q.eq(q.mod(q.field("i"), 2), 0)) : all).paginate(opts);
  return { ...page, page: page.page.map((d) => d.i) };
} });
export const twice = query(async (ctx) => { await ctx.db.query("n").paginate({ numItems: 1, cursor: null }); await ctx.db.query("n").paginate({ numItems: 1, cursor: null }); });
`,
};

interface Page {
  page: number[];
  isDone: boolean;
  continueCursor: string;
  splitCursor: string | null;
  pageStatus: string | null;
}

let app: RunningLanes;
beforeAll(async () => {
  app = await startLanes(files);
  for (let i = 0; i < 10; i++) await app.value("n:add", { i });
});
afterAll(() => app.close());

const page = async (opts: object, order = "asc", even = false) =>
  (await app.value("n:page", { opts, order, even })) as Page;
const message = async (opts: object, order = "asc") => {
  const { result } = await app.query("n:page", { opts, order, even: false });
  return result.kind === "error" ? result : { message: `no error: ${result.value}`, data: undefined };
};

test.each(["asc", "desc"])("pages follow each other without gap or overlap, %s", async (order) => {
  const seen: number[] = [];
  let cursor: string | null = null;
  let isDone = false;
  while (!isDone) {
    const next: Page = await page({ numItems: 3, cursor }, order);
    seen.push(...next.page);
    ({ continueCursor: cursor, isDone } = next);
  }
  const all = Array.from({ length: 10 }, (_, i) => i);
  expect(seen).toEqual(order === "asc" ? all : all.reverse());
});

test("a page that ends exactly at the last document is not done; the next is empty and is", async () => {
  const first = await page({ numItems: 10, cursor: null });
  expect(first).toMatchObject({ isDone: false });
  expect(await page({ numItems: 10, cursor: first.continueCursor })).toMatchObject({
    page: [],
    isDone: true,
  });
});

test("the same position has the same cursor", async () => {
  expect((await page({ numItems: 4, cursor: null })).continueCursor).toBe(
    (await page({ numItems: 4, cursor: null })).continueCursor,
  );
});

test("a page with an end reads up to it, however many there are", async () => {
  const { continueCursor } = await page({ numItems: 6, cursor: null });
  expect(await page({ numItems: 1, cursor: null, endCursor: continueCursor })).toMatchObject({
    page: [0, 1, 2, 3, 4, 5],
    continueCursor,
  });
});

test("a page keeps its end when it is read again with its journal", async () => {
  const args = { opts: { numItems: 2, cursor: null }, order: "asc", even: false };
  const first = await app.query("n:page", args);
  expect(first.journal).not.toBeNull();
  const again = await app.query(
    "n:page",
    { ...args, opts: { numItems: 1, cursor: null } },
    { journal: first.journal },
  );
  expect(resultValue(again.result)).toMatchObject({ page: [0, 1] });
});

test("rows that a filter dropped count as read: a page may be cut short", async () => {
  const cut = await page({ numItems: 5, cursor: null, maximumRowsRead: 4 }, "asc", true);
  expect(cut).toMatchObject({ page: [0, 2], isDone: false, pageStatus: "SplitRequired" });
  expect(cut.splitCursor).not.toBeNull();
  const first = await page({ numItems: 100, cursor: null, endCursor: cut.splitCursor }, "asc", true);
  const rest = await page(
    { numItems: 100, cursor: cut.splitCursor, endCursor: cut.continueCursor },
    "asc",
    true,
  );
  expect([...first.page, ...rest.page]).toEqual([0, 2]);
});

test("a cursor of another query, a forged one and nonsense are refused in words that clients know", async () => {
  const { continueCursor } = await page({ numItems: 3, cursor: null });
  const other = await message({ numItems: 3, cursor: continueCursor }, "desc");
  expect(other.message).toContain("InvalidCursor");
  expect(JSON.parse(other.data!)).toEqual({ isConvexSystemError: true, paginationError: "InvalidCursor" });
  const forged = `${continueCursor.slice(0, -1)}${continueCursor.endsWith("0") ? "1" : "0"}`;
  expect((await message({ numItems: 3, cursor: forged })).message).toContain("InvalidCursor");
  expect((await message({ numItems: 3, cursor: "nonsense" })).message).toContain("InvalidCursor");
});

test("sizes are checked, and only one page is read in a function", async () => {
  expect((await message({ numItems: 0, cursor: null })).message).toContain(
    "Must request at least 1 document",
  );
  expect((await message({ numItems: 40_000, cursor: null })).message).toContain("too large");
  const { result } = await app.query("n:twice");
  expect(result).toMatchObject({
    message: expect.stringContaining("only supports a single paginated query"),
  });
});

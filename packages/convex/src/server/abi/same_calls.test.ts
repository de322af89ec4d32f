import * as genuineServer from "convex-genuine/server";
import * as genuineValues from "convex-genuine/values";
import { describe, expect, it, vi } from "vitest";
import * as ourValues from "../../values/index.ts";
import * as ourServer from "../index.ts";
import { type Outcome, type RecordedCall, RecordingHost, withHost } from "./recording_host.ts";

// Every function below runs twice on the same host: built with this package, and with the genuine one. The host must see
// the same calls, and the caller the same result.

// biome-ignore lint/suspicious/noExplicitAny: one source is built with two libraries whose types differ by identity.
type Loose = any;
type Library = { s: Loose; v: Loose; ConvexError: Loose };

const ours: Library = { s: ourServer, v: ourValues.v, ConvexError: ourValues.ConvexError };
const genuine: Library = { s: genuineServer, v: genuineValues.v, ConvexError: genuineValues.ConvexError };

type Invocation = (lib: Library) => () => Promise<unknown>;
type Run = { outcome: Outcome; calls: RecordedCall[] };

async function runWith(lib: Library, invocation: Invocation): Promise<Run> {
  const host = new RecordingHost();
  const outcome = await withHost(host, async () => invocation(lib)());
  return { outcome, calls: host.calls };
}

async function bothRuns(invocation: Invocation): Promise<{ our: Run; real: Run }> {
  vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
  try {
    return { our: await runWith(ours, invocation), real: await runWith(genuine, invocation) };
  } finally {
    vi.useRealTimers();
  }
}

async function expectSame(invocation: Invocation): Promise<Run> {
  const { our, real } = await bothRuns(invocation);
  expect(our.calls).toEqual(real.calls);
  expect(our.outcome).toEqual(real.outcome);
  return our;
}

/** As {@link expectSame}, where the message is this package's own. */
async function expectBothThrow(invocation: Invocation): Promise<void> {
  const { our, real } = await bothRuns(invocation);
  expect(our.calls).toEqual(real.calls);
  const [ourError, realError] = [our.outcome, real.outcome].map((outcome) =>
    "error" in outcome ? outcome.error.name : undefined,
  );
  expect(realError).toBeDefined();
  expect(ourError).toBe(realError);
}

type Handler = (ctx: Loose, args: Loose, lib: Library) => Loose;

const asQuery =
  (handler: Handler, args: Loose = {}): Invocation =>
  (lib) => {
    const fn = lib.s.queryGeneric((ctx: Loose, given: Loose) => handler(ctx, given, lib));
    return () => fn.invokeQuery(JSON.stringify([args]));
  };
const asMutation =
  (handler: Handler, args: Loose = {}): Invocation =>
  (lib) => {
    const fn = lib.s.mutationGeneric({ handler: (ctx: Loose, given: Loose) => handler(ctx, given, lib) });
    return () => fn.invokeMutation(JSON.stringify([args]));
  };
const asAction =
  (handler: Handler, args: Loose = {}): Invocation =>
  (lib) => {
    const fn = lib.s.internalActionGeneric((ctx: Loose, given: Loose) => handler(ctx, given, lib));
    return () => fn.invokeAction("r7", JSON.stringify([args]));
  };

async function fill(ctx: Loose): Promise<string[]> {
  const ids = [];
  for (const n of [1, 2, 3]) ids.push(await ctx.db.insert("notes", { n, big: BigInt(n), skip: undefined }));
  return ids;
}

const api = (lib: Library) => lib.s.anyApi;

describe("documents are read and written with the genuine calls", () => {
  it.each<[string, Handler]>([
    ["insert and get", async (ctx) => ctx.db.get((await fill(ctx))[0])],
    ["get of another's document", (ctx) => ctx.db.get("nobody:1")],
    ["get with the table named", async (ctx) => ctx.db.get("notes", (await fill(ctx))[1])],
    ["get of a system table", (ctx) => ctx.db.system.get("_storage:1")],
    ["get of a named system table", (ctx) => ctx.db.system.get("_storage", "_storage:1")],
    [
      "patch",
      async (ctx) => ctx.db.patch((await fill(ctx))[0], { n: 9, gone: undefined, b: { c: undefined } }),
    ],
    ["patch with the table named", async (ctx) => ctx.db.patch("notes", (await fill(ctx))[0], { n: -0 })],
    ["replace", async (ctx) => ctx.db.replace((await fill(ctx))[0], { x: new ArrayBuffer(2) })],
    ["replace with the table named", async (ctx) => ctx.db.replace("notes", (await fill(ctx))[0], { x: 1 })],
    ["delete", async (ctx) => ctx.db.delete((await fill(ctx))[0])],
    ["delete with the table named", async (ctx) => ctx.db.delete("notes", (await fill(ctx))[0])],
    ["delete of what is not there", (ctx) => ctx.db.delete("notes:99")],
    ["normalizeId", async (ctx) => ctx.db.normalizeId("notes", (await fill(ctx))[0])],
    ["normalizeId of a foreign string", (ctx) => ctx.db.normalizeId("notes", "x")],
    ["normalizeId of a system table", (ctx) => ctx.db.system.normalizeId("_storage", "x")],
    ["the commit timestamp", (ctx) => ctx.db.insert("notes", { at: ctx.db.vars.commitTs })],
    ["a table's own writer", (ctx) => ctx.db.table("notes").insert({ n: 1 })],
    [
      "all of a table's own writer",
      async (ctx) => {
        const notes = ctx.db.table("notes");
        const id = await notes.insert({ n: 1 });
        await notes.patch(id, { n: undefined });
        await notes.replace(id, { n: 2 });
        const found = [await notes.get(id), await notes.query().collect()];
        await notes.delete(id);
        return found;
      },
    ],
    ["methods taken out of the database", async ({ db: { insert, get } }) => get(await insert("notes", {}))],
    ["a database spread into another", async (ctx) => ({ ...ctx.db }).query("notes").first()],
  ])("%s", async (_name, handler) => {
    const { calls } = await expectSame(asMutation(handler));
    expect(calls.length).toBeGreaterThan(0);
  });

  it.each<[string, Handler]>([
    ["no id", (ctx) => ctx.db.get()],
    ["an id that is no string", (ctx) => ctx.db.get(7)],
    ["no value", (ctx) => ctx.db.insert("notes")],
    ["a write to a system table", (ctx) => ctx.db.insert("_storage", {})],
    ["a system table as one of the app", (ctx) => ctx.db.query("_storage").collect()],
    ["a table of the app as a system table", (ctx) => ctx.db.system.query("notes").collect()],
    ["a patch without an id", (ctx) => ctx.db.patch(undefined, {})],
    ["a patch without a value", (ctx) => ctx.db.patch("notes:1")],
    ["a replacement without a value", (ctx) => ctx.db.replace("notes:1")],
    ["a removal of nothing", (ctx) => ctx.db.delete()],
    ["a value that is none", (ctx) => ctx.db.insert("notes", { f: () => 1 })],
  ])("refuses %s", async (_name, handler) => {
    await expectBothThrow(asMutation(handler));
  });
});

describe("queries are sent in the genuine form", () => {
  it.each<[string, (notes: Loose, singles: Loose) => Loose]>([
    ["collect", (notes) => notes.collect()],
    ["take", (notes) => notes.take(2)],
    ["take of none", (notes) => notes.take(0)],
    ["first", (notes) => notes.first()],
    ["a full scan in reverse", (notes) => notes.fullTableScan().order("desc").collect()],
    ["an order", (notes) => notes.order("asc").first()],
    ["a whole index", (notes) => notes.withIndex("by_n").collect()],
    ["an equality", (notes) => notes.withIndex("by_n", (q: Loose) => q.eq("n", 1)).collect()],
    ["the only one", (_notes, singles) => singles.unique()],
    ["the first of one", (_notes, singles) => singles.first()],
    [
      "a range with both bounds",
      (notes) =>
        notes
          .withIndex("by_n", (q: Loose) => q.eq("n", undefined).gt("big", 1n).lte("big", 9n))
          .order("desc")
          .take(1),
    ],
    [
      "a range with the other bounds",
      (notes) => notes.withIndex("by_n", (q: Loose) => q.gte("n", null).lt("n", "z")).collect(),
    ],
    [
      "a search",
      (notes) =>
        notes
          .withSearchIndex("text", (q: Loose) => q.search("body", "hello").eq("n", 1).eq("a.b", undefined))
          .take(3),
    ],
    [
      "every comparison",
      (notes) =>
        notes
          .filter((q: Loose) =>
            q.and(
              q.eq(q.field("n"), 1),
              q.neq(q.field("a.b"), undefined),
              q.or(q.lt(q.field("n"), 1), q.lte(1, 2), q.gt(1n, 2n), q.gte("a", null)),
              q.not(q.eq(true, false)),
            ),
          )
          .collect(),
    ],
    [
      "arithmetic",
      (notes) =>
        notes
          .filter((q: Loose) =>
            q.eq(
              q.add(1, q.sub(2, q.mul(3, q.div(4, q.mod(q.field("n"), q.neg(q.field("n"))))))),
              Number.NaN,
            ),
          )
          .first(),
    ],
    ["a filter of a plain value", (notes) => notes.filter(() => true).collect()],
    [
      "several filters",
      (notes) =>
        notes
          .filter((q: Loose) => q.eq(1, 1))
          .filter(() => false)
          .collect(),
    ],
    [
      "a limit between filters",
      (notes) =>
        notes
          .limit(2)
          .filter(() => true)
          .collect(),
    ],
    ["a count", (notes) => notes.count()],
    ["a page", (notes) => notes.paginate({ numItems: 2, cursor: null })],
    [
      "a page with everything set",
      (notes) =>
        notes.order("desc").paginate({
          numItems: 2,
          cursor: "a",
          endCursor: "b",
          maximumRowsRead: 5,
          maximumBytesRead: 6,
          id: 1,
        }),
    ],
    [
      "a loop",
      async (notes) => {
        const seen = [];
        for await (const note of notes) seen.push(note.big);
        return seen;
      },
    ],
    [
      "a loop that is left early",
      async (notes) => {
        for await (const note of notes) return note;
      },
    ],
    [
      "a loop by hand",
      async (notes) => {
        const scan = notes.fullTableScan();
        return [await scan.next(), await scan.next(), await scan.return()];
      },
    ],
    ["a cursor that is refused", (notes) => notes.paginate({ numItems: 1, cursor: "bad" })],
  ])("%s", async (_name, read) => {
    await expectSame(
      asMutation(async (ctx) => {
        await fill(ctx);
        await ctx.db.insert("singles", {});
        return read(ctx.db.query("notes"), ctx.db.query("singles"));
      }),
    );
  });

  it.each<[string, (notes: Loose) => Loose]>([
    ["several results where one is asked for", (notes) => notes.unique()],
    ["a count that is negative", (notes) => notes.take(-1)],
    ["a count that is missing", (notes) => notes.take()],
    ["a count that is a fraction", (notes) => notes.take(1.5)],
    ["a page of a negative size", (notes) => notes.paginate({ numItems: -1, cursor: null })],
    ["a page without options", (notes) => notes.paginate()],
    ["two orders", (notes) => notes.order("asc").order("asc").collect()],
    [
      "an order of a search",
      (notes) => notes.withSearchIndex("t", (q: Loose) => q.search("b", "x")).order("asc"),
    ],
    ["a search without text", (notes) => notes.withSearchIndex("t", (q: Loose) => q.search("b"))],
    ["a search without a filter", (notes) => notes.withSearchIndex("t")],
    ["an index without a name", (notes) => notes.withIndex()],
    ["a filter without a condition", (notes) => notes.filter()],
    [
      "a step of a range that is used twice",
      (notes) =>
        notes.withIndex("by_n", (q: Loose) => {
          q.eq("n", 1);
          return q.eq("n", 2);
        }),
    ],
    [
      "a query that is used twice",
      async (notes) => {
        const scan = notes.fullTableScan();
        await scan.collect();
        return scan.collect();
      },
    ],
    [
      "a query that was continued",
      (notes) => {
        const scan = notes.fullTableScan();
        scan.order("asc");
        return scan.collect();
      },
    ],
    [
      "an operator after reading began",
      async (notes) => {
        const scan = notes.fullTableScan();
        await scan.next();
        return scan.order("asc");
      },
    ],
    [
      "two loops over one query",
      async (notes) => {
        const scan = notes.fullTableScan();
        await scan.next();
        return scan.collect();
      },
    ],
    [
      "a query with too many operators",
      (notes) => {
        let scan = notes.fullTableScan();
        for (let i = 0; i < 257; i++) scan = scan.filter(() => true);
        return scan.collect();
      },
    ],
    ["a query as the result", (notes) => notes],
    ["a filtered query as the result", (notes) => notes.filter(() => true)],
  ])("refuses %s", async (_name, read) => {
    await expectBothThrow(
      asMutation(async (ctx) => {
        await fill(ctx);
        return read(ctx.db.query("notes"));
      }),
    );
  });
});

describe("the rest of a context speaks the genuine calls", () => {
  it.each<[string, Invocation]>([
    ["a query's user", asQuery((ctx) => ctx.auth.getUserIdentity())],
    ["a mutation's user", asMutation((ctx) => ctx.auth.getUserIdentity())],
    ["an action's user", asAction((ctx) => ctx.auth.getUserIdentity())],
    ["a signed token", asMutation((ctx) => ctx.auth.signJwt({ claims: { a: 1 }, expiresInSeconds: 60 }))],
    ["a nested query", asQuery((ctx, _args, lib) => ctx.runQuery(api(lib).a.b.c, { n: 1n }))],
    ["a nested query by name", asQuery((ctx) => ctx.runQuery("a/b:c"))],
    [
      "a nested query with limits",
      asQuery((ctx, _args, lib) =>
        ctx.runQuery(api(lib).a.default, {}, { transactionLimits: { bytesRead: 9 } }),
      ),
    ],
    ["a query in a mutation", asMutation((ctx, _args, lib) => ctx.runQuery(api(lib).a.b, { x: undefined }))],
    [
      "a query of the snapshot in a mutation",
      asMutation((ctx, _args, lib) => ctx.runQuery(api(lib).a.b, {}, { useStaleSnapshot: true })),
    ],
    [
      "a nested mutation",
      asMutation((ctx, _args, lib) =>
        ctx.runMutation(lib.s.makeFunctionReference("a:b"), { bytes: new ArrayBuffer(1) }),
      ),
    ],
    ["a call by handle", asMutation((ctx) => ctx.runMutation("function://abc", {}))],
    [
      "a call into a component",
      asMutation((ctx, _args, lib) => ctx.runMutation(lib.s.componentsGeneric().mail.out.send)),
    ],
    [
      "an action's calls",
      asAction(async (ctx, _args, lib) => [
        await ctx.runQuery(api(lib).a.b),
        await ctx.runMutation(api(lib).a.b, { n: 1 }),
        await ctx.runAction(lib.s.componentsGeneric().mail.send, { n: 1 }),
      ]),
    ],
    [
      "a mutation's scheduler",
      asMutation(async (ctx, _args, lib) => [
        await ctx.scheduler.runAfter(1500, api(lib).a.b, { n: 1n }),
        await ctx.scheduler.runAt(1_800_000_000_500, api(lib).a.b),
        await ctx.scheduler.runAt(new Date(1_800_000_000_000), "a:b", {}),
        (await ctx.scheduler.cancel("job1")) ?? null,
      ]),
    ],
    [
      "an action's scheduler",
      asAction(async (ctx, _args, lib) => [
        await ctx.scheduler.runAfter(0, api(lib).a.b, { n: 1n }),
        await ctx.scheduler.runAt(1, api(lib).a.b),
        (await ctx.scheduler.cancel("job1")) ?? null,
      ]),
    ],
    [
      "a query's storage",
      asQuery(async (ctx) => [await ctx.storage.getUrl("file"), await ctx.storage.getMetadata("file")]),
    ],
    [
      "a mutation's storage",
      asMutation(async (ctx) => [
        await ctx.storage.generateUploadUrl(),
        await ctx.storage.store(new Blob(["hello"], { type: "text/plain" }), { sha256: "aa" }),
        (await ctx.storage.delete("file")) ?? null,
        await (await ctx.storage.get("file")).text(),
      ]),
    ],
    [
      "an action's storage",
      asAction(async (ctx) => [
        await ctx.storage.store("anything", { sha256: "aa" }),
        await ctx.storage.get("file"),
        await ctx.storage.getUrl("file"),
      ]),
    ],
    [
      "a vector search",
      asAction((ctx) =>
        ctx.vectorSearch("notes", "by_vector", {
          vector: [1, 2],
          limit: 3,
          filter: (q: Loose) => q.or(q.eq("a", 1n), q.eq("b", undefined)),
        }),
      ),
    ],
    ["a vector search without a filter", asAction((ctx) => ctx.vectorSearch("notes", "v", { vector: [1] }))],
    [
      "a query's meta",
      asQuery(async ({ meta }) => [
        await meta.getFunctionMetadata(),
        await meta.getTransactionMetrics(),
        await meta.getDeploymentMetadata(),
        meta.getSnapshotTs(),
      ]),
    ],
    [
      "a mutation's meta",
      asMutation(async ({ meta }) => [await meta.getFunctionMetadata(), await meta.getRequestMetadata()]),
    ],
    ["an action's meta", asAction(({ meta }) => meta.getFunctionMetadata())],
    ["a function handle", asMutation((_ctx, _args, lib) => lib.s.createFunctionHandle(api(lib).a.b))],
    ["a service's token", asAction((_ctx, _args, lib) => lib.s.getServiceToken("ai-gateway"))],
    ["a service's address", asAction((_ctx, _args, lib) => lib.s.getServiceUrl("ai-gateway"))],
    [
      "an audit entry",
      asMutation((_ctx, _args, { s: { log } }) =>
        log.audit({
          a: [1, { b: log.vars.ip }],
          now: log.vars.now,
          none: undefined,
          by: log.vars.convexActor,
        }),
      ),
    ],
    ["a result of nothing", asQuery(() => undefined)],
    [
      "arguments of every kind",
      asQuery((_ctx, args) => args, { i: { $integer: "AQAAAAAAAAA=" }, z: [null, "x"] }),
    ],
    [
      "an error with data",
      asQuery((_ctx, _args, { ConvexError }) => {
        throw new ConvexError({ code: 1n });
      }),
    ],
    [
      "an error of the app",
      asMutation(() => {
        throw new TypeError("mine");
      }),
    ],
    [
      "something thrown that is no error",
      asAction(() => {
        throw Object.assign(Object.create(null), { name: "n", message: "m" });
      }),
    ],
  ])("%s", async (_name, invocation) => {
    await expectSame(invocation);
  });

  it.each<[string, Invocation]>([
    ["a stale snapshot in a query", asQuery((ctx) => ctx.runQuery("a:b", {}, { useStaleSnapshot: true }))],
    ["arguments that are no object", asQuery((ctx) => ctx.runQuery("a:b", [1]))],
    ["a call of what is no reference", asQuery((ctx) => ctx.runQuery({}))],
    ["a call of a module", asQuery((ctx, _args, lib) => ctx.runQuery(api(lib).a))],
    ["a call of all components", asQuery((ctx, _args, lib) => ctx.runQuery(lib.s.componentsGeneric()))],
    ["a delay that is negative", asMutation((ctx) => ctx.scheduler.runAfter(-1, "a:b"))],
    ["a delay without end", asMutation((ctx) => ctx.scheduler.runAfter(Infinity, "a:b"))],
    ["a delay that is no number", asMutation((ctx) => ctx.scheduler.runAfter("1", "a:b"))],
    ["a time that is none", asMutation((ctx) => ctx.scheduler.runAt("tomorrow", "a:b"))],
    ["a file that is no blob", asMutation((ctx) => ctx.storage.store("text"))],
    ["an empty vector", asAction((ctx) => ctx.vectorSearch("notes", "v", { vector: [] }))],
    ["an audit entry with a reserved key", asMutation((_ctx, _args, { s: { log } }) => log.audit({ $a: 1 }))],
    ["a result that is no value", asQuery(() => new Date())],
  ])("refuses %s", async (_name, invocation) => {
    await expectBothThrow(invocation);
  });

  it("answers an HTTP request through the router", async () => {
    const route = (lib: Library) => {
      const router = lib.s.httpRouter();
      const handler = lib.s.httpActionGeneric(async (ctx: Loose, request: Request) => {
        await ctx.runQuery("a:b", { url: request.url });
        return new Response(null, { status: 204 });
      });
      router.route({ path: "/hook", method: "POST", handler });
      return router;
    };
    const run =
      (request: object, path: string): Invocation =>
      (lib) =>
      async () =>
        JSON.parse(await route(lib).runRequest(JSON.stringify(request), path));
    const request = { url: "http://h/hook", method: "POST", headerPairs: [], streamId: null, signal: "s" };
    const { our, real } = await bothRuns(run(request, "/hook"));
    expect(our.outcome).toEqual({ result: { headerPairs: [], status: 204, streamId: null } });
    expect(our.outcome).toEqual(real.outcome);
    expect(our.calls.map(({ op }) => op)).toEqual(real.calls.map(({ op }) => op));
    expect(our.calls.slice(0, 2)).toEqual(real.calls.slice(0, 2));
    const missing = await bothRuns(run(request, "/other"));
    expect(missing.our.outcome).toEqual({ result: { headerPairs: [], status: 404, streamId: null } });
    expect(missing.our.outcome).toEqual(missing.real.outcome);
  });

  it("says that there is no backend when a function runs outside of one", async () => {
    const list = ourServer.queryGeneric((ctx) => ctx.db.query("notes").collect()) as Loose;
    await expect(list.invokeQuery("[{}]")).rejects.toThrow(/no backend here/);
  });
});

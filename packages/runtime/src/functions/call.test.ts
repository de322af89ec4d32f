import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningLanes, resultValue, startLanes } from "../testing/start_lanes.ts";

const files = {
  "notes.ts": `
import { queryGeneric as query, mutationGeneric as mutation, internalQueryGeneric as internalQuery, paginationOptsValidator } from "convex/server";
import { v, ConvexError } from "convex/values";
export const add = mutation({ args: { text: v.string(), n: v.optional(v.number()) }, handler: async (ctx, args) => ctx.db.insert("notes", args) });
export const texts = query(async (ctx) => (await ctx.db.query("notes").collect()).map((d) => d.text));
export const page = query({ args: { paginationOpts: paginationOptsValidator, over: v.optional(v.number()) }, handler: async (ctx, { paginationOpts, over }) =>
  (over === undefined ? ctx.db.query("notes") : ctx.db.query("notes").filter((q) => q.gt(q.field("n"), over))).paginate(paginationOpts) });
export const pageTwice = query({ args: { paginationOpts: paginationOptsValidator }, handler: async (ctx, { paginationOpts }) => { await ctx.db.query("notes").paginate(paginationOpts); await ctx.db.query("notes").paginate(paginationOpts); } });
export const badFilter = query(async (ctx) => ctx.db.query("notes").filter((q) => q.gt(q.add(q.field("text"), 1), 0)).collect());
export const noIndex = query(async (ctx) => ctx.db.query("notes").withIndex("by_nothing").collect());
export const secret = internalQuery(async () => "hidden");
export const viaNested = query(async (ctx) => ctx.runQuery("notes:secret"));
export const wrongReturn = query({ returns: v.number(), handler: async () => "text" });
export const convexError = mutation(async () => { throw new ConvexError({ code: "SOLD_OUT", n: 1n }); });
export const throwString = query(async () => { throw "just text"; });
export const throwNull = query(async () => { throw null; });
export const throwNothing = query(async () => { throw undefined; });
export const throwGetter = query(async () => { throw { get message() { throw new Error("inner"); } }; });
export const unhandled = query(async () => { Promise.reject(new TypeError("nobody listens")); return 1; });
export const never = query(() => new Promise(() => {}));
export const failAfterWrite = mutation(async (ctx) => { await ctx.db.insert("notes", { text: "lost" }); throw new Error("undo"); });
export const nestedRollback = mutation(async (ctx) => { await ctx.db.insert("kept", { a: 1 }); try { await ctx.runMutation("notes:failAfterWrite"); } catch (e) { return e.message; } });
export const kept = query(async (ctx) => (await ctx.db.query("kept").collect()).length);
export const nestedError = mutation(async (ctx) => { try { await ctx.runMutation("notes:convexError"); } catch (e) { return e instanceof ConvexError ? e.data.code : "no"; } });
export const deep = query({ args: { n: v.number() }, handler: async (ctx, { n }) => n === 0 ? 0 : 1 + await ctx.runQuery("notes:deep", { n: n - 1 }) });
export const nestedBadArgs = query(async (ctx) => ctx.runQuery("notes:deep", { n: "x" }));
export const queryCallsMutation = query(async () => JSON.parse(await Convex.asyncSyscall("1.0/runUdf", JSON.stringify({ udfType: "mutation", name: "notes:add", args: { text: "x" } }))));
export const order = mutation(async (ctx) => { await Promise.all([ctx.db.insert("o", { i: 1 }), ctx.runMutation("notes:add", { text: "between" }), ctx.db.insert("o", { i: 2 })]); return (await ctx.db.query("o").collect()).map((d) => d.i); });
export const unawaited = mutation(async (ctx) => { ctx.runMutation("notes:add", { text: "unawaited" }); return null; });
export const stale = mutation(async (ctx) => { await ctx.db.insert("s", { a: 1 }); return [(await ctx.runQuery("notes:countS", {}, { useStaleSnapshot: true })), await ctx.runQuery("notes:countS")]; });
export const countS = query(async (ctx) => (await ctx.db.query("s").collect()).length);
export const random = query(async () => [Math.random(), Math.random()]);
export const randomNested = mutation(async (ctx) => [Math.random(), ...(await ctx.runQuery("notes:random"))]);
export const clock = query(async () => { const a = Date.now(); let x = 0; for (let i = 0; i < 1e6; i++) x += i; return [Date.now() - a, new Date().getTime() - a, performance.now()]; });
export const plain = query(async () => 1);
export const uuid = query(async () => [crypto.randomUUID(), crypto.randomUUID()]);
export const whoami = query(async (ctx) => (await ctx.auth.getUserIdentity())?.name ?? null);
export const fetches = query(async () => fetch("http://example.com"));
export const sleeps = query(async () => new Promise((r) => setTimeout(r, 1)));
export const unknownSync = query(async () => Convex.syscall("1.0/nope", "{}"));
export const unknownAsync = query(async () => Convex.asyncSyscall("1.0/nope", "{}"));
export const writesInQuery = query(async () => Convex.asyncSyscall("1.0/insert", JSON.stringify({ table: "notes", value: {} })));
export const wrongTable = query({ args: { id: v.string() }, handler: async (ctx, { id }) => ctx.db.get("other", id) });
export const env = query(async () => [process.env.NAME, process.env.NONE ?? null]);
export const logs = query(async () => { console.log("a", 1); console.warn({ b: 2 }); });
export const dynamicImport = query(async () => (await import("./lazy.ts")).x);
export const metadata = query(async (ctx) => JSON.parse(await Convex.asyncSyscall("1.0/getFunctionMetadata", "{}")));
export const inheritedNames = query(async () => { const e = new Error("a"); e.name = "Mine"; e.message = "b"; const o = {}; o.toString = () => "mine"; function C() {} C.prototype = Object.create(Array.prototype); C.prototype.constructor = C; return [String(e), String(o), new C().constructor === C]; });
`,
  "lazy.ts": `export const x = 1;`,
  "broken.ts": `import { queryGeneric as query } from "convex/server"; import { limit } from "./lib.ts"; export const f = query(async () => limit());`,
  "lib.ts": `export function limit() { throw new RangeError("in a helper"); }`,
};

let app: RunningLanes;
beforeAll(async () => {
  app = await startLanes(files, { environment: { NAME: "value" } });
});
afterAll(() => app.close());

async function messageOf(path: string, args: object = {}): Promise<string> {
  const { result } = await app.query(path, args);
  return result.kind === "error" ? result.message : `no error: ${result.value}`;
}

describe("what may be called", () => {
  test("a function that does not exist and an internal one are told apart by nobody", async () => {
    expect(await messageOf("notes:nope")).toBe("Could not find public function for 'notes:nope'.");
    expect(await messageOf("notes:secret")).toBe("Could not find public function for 'notes:secret'.");
    expect(resultValue((await app.query("notes:secret", {}, { internal: true })).result)).toBe("hidden");
    expect(await app.value("notes:viaNested")).toBe("hidden");
  });

  test("kinds, arguments and results are checked, with the documented texts", async () => {
    expect(await messageOf("notes:add")).toBe(
      "Trying to execute notes:add as Query, but it is defined as Mutation.",
    );
    const { result } = await app.mutation("notes:add", { text: 1 });
    expect(result).toMatchObject({
      message: expect.stringMatching(/^ArgumentValidationError: Value does not match/),
    });
    expect(await messageOf("notes:wrongReturn")).toMatch(
      /^ReturnsValidationError: Value does not match validator/,
    );
  });

  test("unknown operations say so", async () => {
    expect(await messageOf("notes:unknownSync")).toContain("Unknown operation 1.0/nope");
    expect(await messageOf("notes:unknownAsync")).toContain("Unknown async operation 1.0/nope");
  });
});

describe("anything that is thrown arrives", () => {
  test("an error, with its place in the user's own source", async () => {
    expect(await messageOf("broken:f")).toMatch(
      /^Uncaught RangeError: in a helper\n {4}at limit \(.*lib\.ts:1:\d+\)\n/,
    );
  });

  test.each([
    ["throwString", "Uncaught just text\n"],
    ["throwNull", "Uncaught null\n"],
    ["throwNothing", "Uncaught undefined\n"],
  ])("%s", async (name, message) => {
    expect(await messageOf(`notes:${name}`)).toBe(message);
  });

  test("a thing whose message throws", async () => {
    expect(await messageOf("notes:throwGetter")).toMatch(/^Uncaught/);
  });

  test("a ConvexError, with its data in Convex encoding", async () => {
    const { result, ts } = await app.mutation("notes:convexError");
    expect(result).toMatchObject({
      kind: "error",
      data: '{"code":"SOLD_OUT","n":{"$integer":"AQAAAAAAAAA="}}',
    });
    expect(ts).toBeNull();
  });

  test("a rejection that nobody handles", async () => {
    expect(await messageOf("notes:unhandled")).toMatch(/^Uncaught TypeError: nobody listens/);
  });

  test("a promise that never resolves is no call that never ends", async () => {
    expect(await messageOf("notes:never")).toBe("Returned promise will never resolve");
  });
});

describe("transactions", () => {
  test("a mutation that throws leaves nothing", async () => {
    const before = await app.value("notes:texts");
    expect((await app.mutation("notes:failAfterWrite")).result.kind).toBe("error");
    expect(await app.value("notes:texts")).toEqual(before);
  });

  test("a nested mutation that throws is rolled back alone, and its error can be caught", async () => {
    expect(await app.value("notes:nestedRollback")).toContain("undo");
    expect(await app.value("notes:kept")).toBe(1);
    expect(await app.value("notes:texts")).not.toContain("lost");
    expect(await app.value("notes:nestedError")).toBe("SOLD_OUT");
  });

  test("what was begun together runs in the order of the calls, nested ones too", async () => {
    expect(await app.value("notes:order")).toEqual([1, 2]);
    expect(await app.value("notes:texts")).toContain("between");
  });

  test("what was begun and not awaited is done all the same", async () => {
    await app.value("notes:unawaited");
    expect(await app.value("notes:texts")).toContain("unawaited");
  });

  test("a stale snapshot sees nothing of its mutation", async () => {
    expect(await app.value("notes:stale")).toEqual([0, 1]);
  });

  test("calls nest eight deep and not nine", async () => {
    expect(await app.value("notes:deep", { n: 8 })).toBe(8);
    expect(await messageOf("notes:deep", { n: 9 })).toContain("at most 8 deep");
    expect(await messageOf("notes:nestedBadArgs")).toContain("ArgumentValidationError");
    expect(await messageOf("notes:queryCallsMutation")).toContain(
      "Cannot call a mutation function from a query function",
    );
  });

  test("a resend of the same request answers what the first one did, and does nothing", async () => {
    const once = { sessionId: "s", requestId: 1 };
    const first = await app.mutation("notes:add", { text: "once" }, { once });
    const second = await app.mutation("notes:add", { text: "once" }, { once });
    expect(second.result).toEqual(first.result);
    expect(second.ts).toBeGreaterThanOrEqual(first.ts!);
    expect(((await app.value("notes:texts")) as string[]).filter((text) => text === "once")).toHaveLength(1);
  });

  test("many mutations at once all happen, each once", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => app.mutation("notes:add", { text: `many ${i}` })));
    expect(
      ((await app.value("notes:texts")) as string[]).filter((text) => text.startsWith("many")),
    ).toHaveLength(50);
  });

  test("queries cannot write", async () => {
    expect(await messageOf("notes:writesInQuery")).toContain("can only be used in mutations");
  });

  test("an id of another table is refused", async () => {
    const id = await app.value("notes:add", { text: "typed" });
    await app.value("notes:nestedRollback");
    expect(await messageOf("notes:wrongTable", { id })).toContain(
      'expected to be an Id<"other">, got Id<"notes"> instead.',
    );
  });
});

describe("determinism", () => {
  test("time stands still, and is noticed only where it is looked at", async () => {
    expect(await app.value("notes:clock")).toEqual([0, 0, 0]);
    expect((await app.query("notes:clock")).usedTime).toBe(true);
    expect(await app.query("notes:plain")).toMatchObject({
      usedTime: false,
      usedRandom: false,
      usedIdentity: false,
    });
  });

  test("each call has random numbers of its own, nested ones too", async () => {
    const [a, b] = [await app.value("notes:random"), await app.value("notes:random")];
    expect(a).not.toEqual(b);
    expect(new Set((await app.value("notes:randomNested")) as number[]).size).toBe(3);
    expect((await app.query("notes:random")).usedRandom).toBe(true);
    const [one, two] = (await app.value("notes:uuid")) as string[];
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(one).not.toBe(two);
  });

  test("who calls is noticed only where it is asked", async () => {
    const outcome = await app.query("notes:whoami", {}, { identity: { name: "Ann" } });
    expect(outcome).toMatchObject({ result: { value: '"Ann"' }, usedIdentity: true });
  });

  test.each([
    ["fetches", "Can't use fetch() in queries and mutations."],
    ["sleeps", "Can't use setTimeout in queries and mutations."],
    ["dynamicImport", "Can't use dynamic import()"],
  ])("%s is refused", async (name, message) => {
    expect(await messageOf(`notes:${name}`)).toContain(message);
  });

  test("environment variables are there, unset ones are undefined", async () => {
    expect(await app.value("notes:env")).toEqual(["value", null]);
  });

  test("console lines come with the outcome", async () => {
    const { logs } = await app.query("notes:logs");
    expect(logs).toMatchObject([
      { level: "LOG", messages: ["'a'", "1"] },
      { level: "WARN", messages: ["{\n  b: 2\n}"] },
    ]);
  });

  test("objects may have names that the frozen language has too", async () => {
    expect(await app.value("notes:inheritedNames")).toEqual(["Mine: b", "mine", true]);
  });

  test("a function can ask for its own name", async () => {
    expect(await app.value("notes:metadata")).toEqual({ name: "notes:metadata", componentPath: "" });
  });
});

describe("queries", () => {
  test("errors of filters and indexes say what is wrong", async () => {
    await app.value("notes:add", { text: "t" });
    expect(await messageOf("notes:badFilter")).toMatch(
      /Cannot add .* \(type String\) and 1.* \(type Float64\)/,
    );
    expect(await messageOf("notes:noIndex")).toContain("Index notes.by_nothing not found.");
  });
});

import * as genuineServer from "convex-genuine/server";
import * as genuineValues from "convex-genuine/values";
import { describe, expect, it } from "vitest";
import * as ourValues from "../values/index.ts";
import * as ourServer from "./index.ts";

// What a push reads from modules: declared with this package and with the genuine one, it must be the same.

// biome-ignore lint/suspicious/noExplicitAny: one source is built with two libraries whose types differ by identity.
type Loose = any;
type Library = { s: Loose; v: Loose };

const ours: Library = { s: ourServer, v: ourValues.v };
const genuine: Library = { s: genuineServer, v: genuineValues.v };

function expectSame(declare: (lib: Library) => unknown): unknown {
  const declared = declare(ours);
  expect(declared).toEqual(declare(genuine));
  return declared;
}

function expectBothThrow(declare: (lib: Library) => unknown): void {
  expect(() => declare(genuine)).toThrow();
  expect(() => declare(ours)).toThrow();
}

it("has every public name of convex/server and convex/values", () => {
  const missingIn = (mine: object, theirs: object) => Object.keys(theirs).filter((name) => !(name in mine));
  expect(missingIn(ourValues, genuineValues)).toEqual([]);
  // The genuine package lets the abstract class behind a type slip out; nothing can be done with it.
  expect(missingIn(ourServer, genuineServer)).toEqual(["SearchFilter"]);
});

describe("a schema is pushed as the genuine one", () => {
  it.each<[string, (lib: Library) => Loose]>([
    ["no tables", ({ s }) => s.defineSchema({})],
    [
      "every kind of field",
      ({ s, v }) =>
        s.defineSchema({
          all: s.defineTable({
            id: v.id("all"),
            nothing: v.null(),
            float: v.number(),
            int: v.int64(),
            ts: v.commitTs(),
            flag: v.boolean(),
            text: v.string(),
            bytes: v.bytes(),
            anything: v.any(),
            literal: v.literal(5n),
            list: v.array(v.object({ deep: v.optional(v.string()) })),
            map: v.record(v.id("all"), v.number()),
            either: v.optional(v.union(v.literal("a"), v.nullable(v.number()))),
          }),
        }),
    ],
    [
      "every kind of index",
      ({ s, v }) =>
        s.defineSchema({
          notes: s
            .defineTable({ a: v.string(), b: v.object({ c: v.number() }), vec: v.array(v.number()) })
            .index("by_a", ["a", "b.c"])
            .index("by_config", { fields: ["b.c"] })
            .index("by_staged", { fields: ["a"], staged: true })
            .searchIndex("text", { searchField: "a" })
            .searchIndex("text_staged", { searchField: "a", filterFields: ["b.c"], staged: true })
            .vectorIndex("near", { vectorField: "vec", dimensions: 3, filterFields: ["a"] })
            .vectorIndex("near_staged", { vectorField: "vec", dimensions: 3, staged: true }),
        }),
    ],
    [
      "tables of unions and of anything, unchecked",
      ({ s, v }) =>
        s.defineSchema(
          {
            either: s.defineTable(v.union(v.object({ a: v.string() }), v.object({ b: v.number() }))),
            any: s.defineTable(v.any()),
          },
          { schemaValidation: false, strictTableNameTypes: false },
        ),
    ],
    [
      "a staged validator",
      ({ s, v }) =>
        s.defineSchema({ t: s.defineTable({ a: v.string() }).staged(v.object({ b: v.string() })) }),
    ],
    [
      "staged fields",
      ({ s, v }) =>
        s.defineSchema({
          t: s.defineTable({ a: v.string(), b: v.string() }).staged({ b: undefined, c: v.number() }),
        }),
    ],
  ])("%s", (_name, declare) => {
    expectSame((lib) => JSON.parse(declare(lib).export()));
  });

  it("knows the validators of stored documents and of ids", () => {
    expectSame(({ s, v }) => {
      const schema = s.defineSchema({
        one: s.defineTable({ a: v.string() }),
        two: s.defineTable(v.union(v.object({ a: v.string() }), v.object({ b: v.number() }))),
        three: s.defineTable(v.any()),
      });
      const { one, two, three } = schema.tables;
      return [schema.doc("one"), schema.doc("two"), schema.doc("three"), schema.id("two")]
        .map((validator: Loose) => validator.json)
        .concat([one[" indexes"](), s.docValidator("x", two).json, three.validator.json]);
    });
  });

  it.each<[string, (lib: Library) => Loose]>([
    ["two staged validators", ({ s, v }) => s.defineTable({ a: v.string() }).staged({}).staged({})],
    [
      "staged fields over a union",
      ({ s, v }) => s.defineTable(v.union(v.object({}), v.object({ a: v.string() }))).staged({}),
    ],
    ["a table that is not in the schema", ({ s }) => s.defineSchema({}).doc("nowhere")],
    ["the id of a table that is not in the schema", ({ s }) => s.defineSchema({}).id("nowhere")],
  ])("refuses %s", (_name, declare) => {
    expectBothThrow(declare);
  });
});

describe("a function is analysed as the genuine one", () => {
  const definitions: [string, (lib: Library) => Loose][] = [
    ["a bare handler", () => () => 1],
    ["no validators", () => ({ handler: () => 1 })],
    ["fields", ({ v }) => ({ args: { a: v.string() }, returns: { b: v.number() }, handler: () => 1 })],
    ["validators", ({ v }) => ({ args: v.object({ a: v.any() }), returns: v.null(), handler: () => 1 })],
    ["no fields", () => ({ args: {}, handler: () => 1 })],
  ];
  const builders = ["query", "mutation", "action", "internalQuery", "internalMutation", "internalAction"];
  it.each(builders.flatMap((name) => definitions.map((definition) => [name, ...definition] as const)))(
    "%s of %s",
    (name, _kind, define) => {
      expectSame((lib) => {
        const fn = lib.s[`${name}Generic`](define(lib));
        const marks = Object.entries(fn).filter(([, mark]) => typeof mark === "boolean");
        return [
          Object.fromEntries(marks),
          Object.keys(fn).sort(),
          fn.exportArgs(),
          fn.exportReturns(),
          typeof fn,
          fn._handler(),
        ];
      });
    },
  );

  it("marks an HTTP action", () => {
    expectSame(({ s }) => {
      const fn = s.httpActionGeneric(() => new Response());
      return [Object.keys(fn).sort(), fn.isHttp];
    });
  });

  it("refuses a validator that a circular import left undefined", () => {
    expectBothThrow(({ s, v }) =>
      s.queryGeneric({ args: v.object({ a: v.union(undefined) }), handler: () => 1 }).exportArgs(),
    );
    expectBothThrow(({ s }) => s.queryGeneric({ args: { a: undefined }, handler: () => 1 }).exportArgs());
  });
});

describe("references are named as the genuine ones", () => {
  it.each<[string, (lib: Library) => Loose]>([
    ["a module", ({ s }) => s.getFunctionName(s.anyApi.messages.list)],
    ["a folder", ({ s }) => s.getFunctionName(s.anyApi.a.b.c.d)],
    ["a default export", ({ s }) => s.getFunctionName(s.anyApi.a.b.default)],
    ["a name", ({ s }) => s.getFunctionName("a:b")],
    ["a made reference", ({ s }) => s.getFunctionName(s.makeFunctionReference("a/b:c"))],
    ["its kind", ({ s }) => Object.prototype.toString.call(s.anyApi.a.b)],
    ["a component's function", ({ s }) => s.getFunctionAddress(s.componentsGeneric().a.b.c)],
    ["a handle", ({ s }) => s.getFunctionAddress("function://x")],
    ["a reference of the other copy", ({ s }) => s.getFunctionName(genuineServer.anyApi.a!.b!)],
    ["a system function", ({ s }) => s.getFunctionAddress(s.currentSystemUdfInComponent("c1"))],
    ["a filtered API", ({ s }) => s.getFunctionName(s.filterApi(s.anyApi).a.b)],
  ])("%s", (_name, declare) => {
    expect(expectSame(declare)).toBeTruthy();
  });

  it.each<[string, (lib: Library) => Loose]>([
    ["a module", ({ s }) => s.getFunctionName(s.anyApi.a)],
    ["a handle", ({ s }) => s.getFunctionName("function://x")],
    ["a component's function", ({ s }) => s.getFunctionName(s.componentsGeneric().a.b.c)],
    ["an object", ({ s }) => s.getFunctionName({})],
    ["nothing", ({ s }) => s.getFunctionName(undefined)],
  ])("has no name for %s", (_name, declare) => {
    expectBothThrow(declare);
  });
});

describe("cron jobs are pushed as the genuine ones", () => {
  it("of every kind", () => {
    expectSame(({ s }) => {
      const crons = s.cronJobs();
      const job = s.anyApi.jobs.run;
      crons.interval("a", { seconds: 3 }, job);
      crons.interval("b", { minutes: 3, hours: undefined }, job, { n: 1n });
      crons.interval("c", { hours: 1 }, job, {});
      crons.hourly("d", job);
      crons.hourly("e", job, { n: 1 });
      crons.hourly("f", { minuteUTC: 5 }, job, { n: 2 });
      crons.hourly("g", {}, job);
      crons.daily("h", { hourUTC: 1 }, job);
      crons.daily("i", { hourUTC: 1, minuteUTC: 0 }, job);
      crons.weekly("j", { dayOfWeek: "sunday", hourUTC: 1, minuteUTC: 2 }, job);
      crons.weekly("k", { dayOfWeek: "friday", hourUTC: 1 }, job);
      crons.monthly("l", { day: 31, hourUTC: 1, minuteUTC: 59 }, job);
      crons.cron("m", "* * * * *", job, { deep: { list: [1] } });
      return [crons.export(), crons.isCrons];
    });
  });

  it.each<[string, (crons: Loose, job: Loose) => void]>([
    ["an interval of nothing", (crons, job) => crons.interval("a", {}, job)],
    ["an interval in two units", (crons, job) => crons.interval("a", { seconds: 1, hours: 1 }, job)],
    ["an interval of 0", (crons, job) => crons.interval("a", { seconds: 0 }, job)],
    ["hour 24", (crons, job) => crons.daily("a", { hourUTC: 24 }, job)],
    ["minute 60", (crons, job) => crons.hourly("a", { minuteUTC: 60 }, job)],
    ["day 32", (crons, job) => crons.monthly("a", { day: 32, hourUTC: 1 }, job)],
    ["an unknown day", (crons, job) => crons.weekly("a", { dayOfWeek: "Monday", hourUTC: 1 }, job)],
    ["a name with a line break", (crons, job) => crons.cron("a\n", "* * * * *", job)],
    ["arguments that are no object", (crons, job) => crons.cron("a", "* * * * *", job, 7)],
    [
      "a name twice",
      (crons, job) => {
        crons.cron("a", "* * * * *", job);
        crons.cron("a", "* * * * *", job);
      },
    ],
  ])("refuses %s", (_name, declare) => {
    expectBothThrow(({ s }) => declare(s.cronJobs(), s.anyApi.jobs.run));
  });
});

describe("routes are found as by the genuine router", () => {
  const routed = ({ s }: Library) => {
    const router = s.httpRouter();
    const handler = { isHttp: true };
    for (const [key, path] of [
      ["path", "/b"],
      ["path", "/a"],
      ["pathPrefix", "/a/"],
      ["pathPrefix", "/a/b/"],
    ] as const) {
      router.route({ [key]: path, method: "GET", handler });
      router.route({ [key]: path, method: "DELETE", handler });
    }
    return router;
  };

  it("lists and finds them", () => {
    expectSame((lib) => {
      const router = routed(lib);
      const paths = ["/a", "/b", "/a/", "/a/b/c", "/c", "/"];
      const found = paths.flatMap((path) =>
        ["GET", "HEAD", "POST"].map((method) => router.lookup(path, method)),
      );
      return [router.getRoutes(), found, router.isRouter];
    });
  });

  it.each<[string, object]>([
    ["a route that is there", { path: "/a", method: "GET", handler: {} }],
    ["a prefix that is there", { pathPrefix: "/a/", method: "GET", handler: {} }],
    ["no handler", { path: "/x", method: "GET" }],
    ["no method", { path: "/x", handler: {} }],
    ["an unknown method", { path: "/x", method: "HEAD", handler: {} }],
    ["a relative path", { path: "x", method: "GET", handler: {} }],
    ["a reserved path", { path: "/.files/x", method: "GET", handler: {} }],
    ["a relative prefix", { pathPrefix: "x/", method: "GET", handler: {} }],
    ["a prefix without an end", { pathPrefix: "/x", method: "GET", handler: {} }],
    ["a reserved prefix", { pathPrefix: "/.files/", method: "GET", handler: {} }],
    ["both a path and a prefix", { path: "/x", pathPrefix: "/x/", method: "GET", handler: {} }],
    ["neither a path nor a prefix", { method: "GET", handler: {} }],
  ])("refuses %s", (_name, spec) => {
    expectBothThrow((lib) => routed(lib).route(spec));
  });
});

describe("apps and components are pushed as the genuine ones", () => {
  const imported = { componentDefinitionPath: "../node_modules/mail", defaultName: "mail" };

  it("with children, mounts and variables", () => {
    expectSame(({ s, v }) => {
      const app = s.defineApp({
        httpPrefix: "/app",
        env: { KEY: v.string(), MODE: v.optional(v.literal("x")) },
      });
      const mail = app.use(imported, { httpPrefix: "/mail", env: { A: app.env.KEY, B: "b", C: undefined } });
      app.use(imported, { name: "second" });
      app.use({ componentDefinitionPath: "a/third" });
      return [app.export(), s.getFunctionAddress(mail.exports.out.send)];
    });
    expectSame(({ s, v }) => {
      const component = s.defineComponent("mail", { env: { KEY: v.string() } });
      component.use(imported, { httpPrefix: "/x/" });
      return component.export();
    });
    expectSame(({ s }) => [s.defineApp().export(), s.defineComponent("c").export()]);
  });

  it.each<[string, (lib: Library) => unknown]>([
    ["a variable that is not declared", ({ s }) => s.defineApp().env.NOWHERE],
    ["a variable without a validator", ({ s }) => s.defineApp({ env: { A: "x" } })],
    ["a component's variable without a validator", ({ s }) => s.defineComponent("c", { env: { A: 1 } })],
    ["a prefix that is not absolute", ({ s }) => s.defineApp({ httpPrefix: "x" })],
    ["a mount that is not absolute", ({ s }) => s.defineApp().use(imported, { httpPrefix: "x" })],
    ["a component that is none", ({ s }) => s.defineApp().use({})],
    ["an empty name", ({ s }) => s.defineApp().use(imported, { name: "" })],
  ])("refuses %s", (_name, declare) => {
    expectBothThrow(declare);
  });

  it("refuses a number for a variable", () => {
    const declare = ({ s }: Library) => {
      const app = s.defineApp();
      app.use(imported, { env: { A: 1 } });
      return app.export();
    };
    expectBothThrow(declare);
  });
});

it("validates pages as the genuine validators do", () => {
  expectSame(({ s, v }) => [s.paginationOptsValidator.json, s.paginationResultValidator(v.string()).json]);
});

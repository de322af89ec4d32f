import { createHash } from "node:crypto";
import type { GetConfigHashesResponse } from "@tandem/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { finish, push, pushRequest, send, settle, start } from "./testing/push_app.ts";
import { type StartedDeployment, startDeployment } from "./testing/start_deployment.ts";

let started: StartedDeployment;
afterEach(() => started.close());

const messages = `
  import { query, mutation, internalAction } from "./server";
  import { v } from "convex/values";
  export const list = query({ args: { channel: v.id("channels") }, returns: v.array(v.string()), handler: async () => [] });
  export const send = mutation(async () => null);
  export const hidden = internalAction({ args: {}, handler: async () => {} });
`;
const server = `
  export { queryGeneric as query, mutationGeneric as mutation, internalActionGeneric as internalAction } from "convex/server";
`;
const app = { "messages.ts": messages, "server.ts": server };

const schema = (tables: string, options = "") => `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ ${tables} }${options === "" ? "" : `, ${options}`});
`;

/** Documents written past the functions, as a mutation would write them. */
const insert = (table: string, ...documents: Record<string, string | number>[]) =>
  started.engine.transact({ source: "test" }, async (tx) => {
    for (const document of documents) await tx.insert(table, document);
  });

const indexNames = (table: string) =>
  started.engine.catalog
    .table("", table)!
    .indexes.map(
      ({ name, fields, state, staged }) => `${name}(${fields.slice(0, -1)}) ${staged ? "staged" : state}`,
    )
    .filter((text) => !text.startsWith("by_creation_time"))
    .sort();

describe("a push", () => {
  it("makes its functions live in one step, and tells codegen what they are", async () => {
    started = await startDeployment();
    expect(started.deployment.isEmpty).toBe(true);
    const { body } = await start(started, app);
    expect(started.deployment.isEmpty).toBe(true);
    const analysis = body.analysis[""]!;
    expect(Object.keys(analysis.functions)).toEqual(["messages.js", "server.js"]);
    expect(analysis.functions["messages.js"]!.functions).toContainEqual({
      name: "list",
      pos: {
        path: expect.stringMatching(/convex\/messages\.ts$/),
        start_lineno: 4,
        start_col: expect.any(Number),
      },
      udfType: "Query",
      visibility: { kind: "public" },
      args: JSON.stringify({
        type: "object",
        value: { channel: { fieldType: { type: "id", tableName: "channels" }, optional: false } },
      }),
      returns: JSON.stringify({ type: "array", value: { type: "string" } }),
    });
    expect(await settle(started, body)).toEqual({ type: "complete" });
    const { body: diff } = await finish(started, body);
    expect(diff.componentDiffs[""]).toMatchObject({
      diffType: { type: "create" },
      moduleDiff: { added: ["messages.js", "server.js"], removed: [] },
      indexDiff: { added_indexes: [], removed_indexes: [] },
    });
    expect(started.deployment.kindOf("messages.js:send")).toBe("mutation");
    expect(started.deployment.kindOf("messages.js:hidden")).toBe("action");
    expect(started.deployment.kindOf("messages.js:gone")).toBeNull();
  });

  it("is live for everybody although one of those who are told of it fails", async () => {
    started = await startDeployment();
    const told: string[] = [];
    started.deployment.onSwitch(() => {
      throw new Error("a listener's own fault");
    });
    started.deployment.onSwitch(() => told.push(started.deployment.current.version));
    await push(started, app);
    expect(told).toEqual([started.deployment.version!.id]);
    expect(started.reported).toEqual([new Error("a listener's own fault")]);
  });

  it("is still live after a restart", async () => {
    started = await startDeployment();
    await push(started, {
      ...app,
      "auth.config.ts": `export default { providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "app" }] }`,
    });
    const live = started.deployment.current;
    started = await started.restart();
    expect(started.deployment.current).toEqual(live);
    expect(started.deployment.kindOf("messages.js:list")).toBe("query");
    expect(started.deployment.authProviders()).toEqual([{ domain: started.urls.site, applicationID: "app" }]);
    expect(started.reported).toEqual([]);
  });

  it("is not unpacked for somebody without a key", async () => {
    started = await startDeployment();
    const request = { ...(await pushRequest(app)), padding: "a".repeat(20_000_000) };
    expect((await send(started, "/api/deploy2/start_push", request)).status).toBe(200);
    for (const adminKey of ["", "tandem-test|00"]) {
      const { status, body } = await send<{ code: string }>(
        { ...started, adminKey },
        "/api/deploy2/start_push",
        request,
      );
      expect([status, body.code]).toEqual([400, "RequestTooLarge"]);
    }
  });

  it("sends unchanged modules by their hash alone", async () => {
    started = await startDeployment();
    await push(started, app);
    const { body } = await send<GetConfigHashesResponse>(started, "/api/get_config_hashes", {
      version: "1.48.0",
    });
    const whole = await pushRequest(app);
    for (const { path, source, sourceMap } of whole.appDefinition.changedModules) {
      const hash = createHash("sha256")
        .update(source)
        .update(sourceMap ?? "")
        .digest("hex");
      expect(body.moduleHashes).toContainEqual({ path, hash, environment: "isolate" });
    }
    const unchanged = body.moduleHashes.map(({ path, hash, environment }) => ({
      path,
      environment,
      sha256: hash,
    }));
    const request = await pushRequest(app, unchanged);
    expect(request.appDefinition.changedModules).toEqual([]);
    const begun = await send<Awaited<ReturnType<typeof start>>["body"]>(
      started,
      "/api/deploy2/start_push",
      request,
    );
    expect(begun.status).toBe(200);
    expect((await finish(started, begun.body)).status).toBe(200);
    expect(started.deployment.kindOf("messages.js:list")).toBe("query");

    const lie = { ...unchanged[0]!, sha256: "0".repeat(64) };
    const refused = await send<{ code: string }>(
      started,
      "/api/deploy2/start_push",
      await pushRequest(app, [lie]),
    );
    expect(refused).toMatchObject({ status: 400, body: { code: "ModuleNotFound" } });
  });

  it("changes nothing when it is a dry run or for codegen", async () => {
    started = await startDeployment();
    const files = {
      ...app,
      "schema.ts": schema(`channels: defineTable({ name: v.string() }).index("by_name", ["name"])`),
    };
    const before = started.engine.durable;
    for (const overrides of [{ dryRun: true }, { forCodegen: true }]) {
      const { status, body } = await start(started, files, overrides);
      expect(status).toBe(200);
      expect(body.schemaChange.indexDiffs![""]!.added_indexes).toEqual([
        { name: "channels.by_name", type: "database", fields: ["name"] },
      ]);
    }
    const dry = await start(started, files, { dryRun: true });
    const waited = await send(started, "/api/deploy2/wait_for_schema", {
      schemaChange: dry.body.schemaChange,
      dryRun: true,
    });
    expect(waited.body).toEqual({ type: "complete" });
    expect((await finish(started, dry.body, { dryRun: true })).body.componentDiffs).toEqual({});
    expect(started.engine.durable).toBe(before);
  });

  it("that was given up does not hurt the next", async () => {
    started = await startDeployment();
    await push(started, { ...app, "schema.ts": schema(`notes: defineTable({ text: v.string() })`) });
    await insert("notes", { text: "kept" });
    await start(started, {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.number() }).index("wrong", ["text"])`),
    });
    await start(started, { "other.ts": server });
    await push(started, {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.string() }).index("right", ["text"])`),
    });
    expect(indexNames("notes")).toEqual(["right(text) enabled"]);
    const stored = await started.engine.snapshot().scanRows("_pushes");
    expect(stored).toHaveLength(1);
    const kept = new Set(started.deployment.version!.modules.map(({ sha256 }) => sha256));
    expect(new Set((await started.engine.snapshot().scanRows("_modules")).map(({ id }) => id))).toEqual(kept);
  });

  it("loses to one that began later, and may be begun again", async () => {
    started = await startDeployment();
    const first = await start(started, { ...app, "schema.ts": schema(`a: defineTable({})`) });
    const second = await start(started, { ...app, "schema.ts": schema(`b: defineTable({})`) });
    expect(await settle(started, first.body)).toEqual({ type: "raceDetected" });
    expect(await finish(started, first.body)).toMatchObject({ body: { code: "RaceDetected" } });
    expect(await settle(started, second.body)).toEqual({ type: "complete" });
    expect((await finish(started, second.body)).status).toBe(200);
  });

  it("goes on after a restart in the midst of it", async () => {
    started = await startDeployment();
    await push(started, app);
    await insert("notes", { text: "a" });
    const files = {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.string() }).index("by_text", ["text"])`),
    };
    const { body } = await start(started, files);
    started = await started.restart();
    expect(await settle(started, body)).toEqual({ type: "complete" });
    expect((await finish(started, body)).status).toBe(200);
    expect(indexNames("notes")).toEqual(["by_text(text) enabled"]);
  });

  it("may be finished twice, when the first answer was lost", async () => {
    started = await startDeployment();
    const { body } = await start(started, app);
    await settle(started, body);
    const first = await finish(started, body);
    expect(await finish(started, body)).toEqual(first);
  });

  it("is refused by name when it needs what is not there", async () => {
    started = await startDeployment();
    const request = await pushRequest(app);
    const node = { path: "n.js", source: "", environment: "node" };
    const withNode = { ...request.appDefinition, changedModules: [node] };
    expect(
      await send(started, "/api/deploy2/start_push", { ...request, appDefinition: withNode }),
    ).toMatchObject({
      status: 400,
      body: { code: "NodeActionsNotSupported", message: expect.stringContaining("n.js") },
    });
    const withComponent = { ...request.appDefinition, dependencies: ["../lib"] };
    expect(
      await send(started, "/api/deploy2/start_push", { ...request, appDefinition: withComponent }),
    ).toMatchObject({
      body: { code: "ComponentsNotSupported", message: expect.stringContaining("../lib") },
    });
    const crons = `
      import { cronJobs, makeFunctionReference } from "convex/server";
      const crons = cronJobs();
      crons.hourly("sweep", { minuteUTC: 5 }, makeFunctionReference("messages:send"));
      export default crons;
    `;
    expect(await start(started, { ...app, "crons.ts": crons })).toMatchObject({
      status: 400,
      body: {
        code: "CronsNotSupported",
        message: expect.stringContaining('crons.ts declares cron jobs ("sweep")'),
      },
    });
    const http = `
      import { httpActionGeneric, httpRouter } from "convex/server";
      const http = httpRouter();
      http.route({ path: "/hook", method: "POST", handler: httpActionGeneric(async () => new Response()) });
      export default http;
    `;
    expect(await start(started, { ...app, "http.ts": http })).toMatchObject({
      status: 400,
      body: { code: "HttpActionsNotSupported", message: expect.stringContaining("http.ts") },
    });
    expect(started.deployment.isEmpty).toBe(true);
  });

  it("needs the admin key", async () => {
    started = await startDeployment();
    const refused = await send(started, "/api/deploy2/start_push", {
      ...(await pushRequest(app)),
      adminKey: "tandem-test|00",
    });
    expect(refused.status).toBe(403);
  });
});

describe("a pushed schema", () => {
  it("is put in force, and checks what is written", async () => {
    started = await startDeployment();
    await push(started, { ...app, "schema.ts": schema(`notes: defineTable({ text: v.string() })`) });
    await expect(insert("notes", { text: 1 })).rejects.toThrow(
      'Failed to insert or update a document in table "notes"',
    );
  });

  it("may declare the system fields, which documents have by themselves", async () => {
    started = await startDeployment();
    const system = `_id: v.id("notes"), _creationTime: v.number()`;
    const tables = `
      notes: defineTable({ ${system}, text: v.string() }),
      either: defineTable(v.union(v.object({ ${system}, a: v.string() }), v.object({ b: v.string() })))`;
    await push(started, { ...app, "schema.ts": schema(tables) });
    await insert("notes", { text: "fits" });
    await insert("either", { a: "fits" }, { b: "fits" });
    await expect(insert("notes", { text: 1 })).rejects.toThrow("does not match the schema");
  });

  it("fails by name on a document that is there and does not fit, and the running one stays", async () => {
    started = await startDeployment();
    await push(started, app);
    await insert("notes", { text: "fits" }, { text: 7 });
    const { body } = await start(started, {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.string() })`),
    });
    expect(await settle(started, body)).toEqual({
      type: "failed",
      error: expect.stringMatching(/^Document with ID "\w+" in table "notes" does not match the schema: /),
      componentPath: "",
      tableName: "notes",
    });
    expect((await finish(started, body)).body.code).toBe("SchemaValidationFailed");
    await insert("notes", { text: 8 });
    expect(started.reported).toEqual([]);
  });

  it("fails on a document that is written while it is on its way, and not the write", async () => {
    started = await startDeployment();
    await push(started, app);
    const { body } = await start(started, {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.string() })`),
    });
    await insert("notes", { text: 7 });
    expect(await settle(started, body)).toMatchObject({
      type: "failed",
      error: expect.stringMatching(/^New document in table "notes" does not match the schema: /),
      tableName: "notes",
    });
  });

  it("lets documents be anything with schemaValidation false, and still builds indexes", async () => {
    started = await startDeployment();
    await insert("notes", { text: 7 });
    const tables = `notes: defineTable({ text: v.string() }).index("by_text", ["text"])`;
    await push(started, { ...app, "schema.ts": schema(tables, "{ schemaValidation: false }") });
    await insert("notes", { text: 8 });
    expect(indexNames("notes")).toEqual(["by_text(text) enabled"]);
  });

  it("may leave a table out, which keeps its documents and loses its indexes", async () => {
    started = await startDeployment();
    const other = "other: defineTable({})";
    await push(started, {
      ...app,
      "schema.ts": schema(`notes: defineTable({ text: v.string() }).index("by_text", ["text"]), ${other}`),
    });
    await insert("notes", { text: "a" });
    const diff = await push(started, { ...app, "schema.ts": schema(other) });
    expect(diff.componentDiffs[""]!.indexDiff.removed_indexes).toMatchObject([{ name: "notes.by_text" }]);
    expect(indexNames("notes")).toEqual([]);
    await insert("notes", { anything: 1 });
    expect(
      await started.engine.snapshot().scan("notes", "by_id", { start: "", end: null }, "asc", 10),
    ).toHaveLength(2);
  });

  it.each([
    ["by_id", ["text"], "IndexNameReserved"],
    ["by_text", [], "EmptyIndex"],
    ["by_text", ["_creationTime"], "IndexFieldsContainCreationTime"],
    ["by_text", ["text", "text"], "FieldsNotUniqueWithinIndex"],
  ])("is refused with an index %s on %j", async (name, fields, code) => {
    started = await startDeployment();
    const exported = JSON.stringify({
      tables: [
        { tableName: "notes", indexes: [{ indexDescriptor: name, fields }], documentType: { type: "any" } },
      ],
      schemaValidation: true,
    });
    const refused = await start(started, {
      ...app,
      "schema.ts": `export default { export: () => ${JSON.stringify(exported)} }`,
    });
    expect(refused).toMatchObject({ status: 400, body: { code } });
  });
});

describe("an index", () => {
  const notes = (indexes: string) => ({
    ...app,
    "schema.ts": schema(`notes: defineTable({ text: v.string(), rank: v.number() })${indexes}`),
  });
  const byText = async (index: string) => {
    const rows = await started.engine.snapshot().scan("notes", index, { start: "", end: null }, "asc", 5000);
    return rows.map(({ document }) => (JSON.parse(document.json) as { text: string }).text);
  };

  it("has the documents that were there before it, and those written meanwhile", async () => {
    started = await startDeployment();
    await push(started, notes(""));
    const texts = Array.from({ length: 1200 }, (_, rank) => ({ text: String(rank).padStart(5, "0"), rank }));
    await insert("notes", ...texts);
    const { body } = await start(started, notes(`.index("by_text", ["text"])`));
    await insert("notes", { text: "00000a", rank: 1 });
    expect(await settle(started, body)).toEqual({ type: "complete" });
    await finish(started, body);
    const found = await byText("by_text");
    expect(found).toHaveLength(1201);
    expect(found).toEqual([...found].sort());
  });

  it("serves its old fields until the push that changes them has ended", async () => {
    started = await startDeployment();
    await push(started, notes(`.index("by_it", ["text"])`));
    await insert("notes", { text: "b", rank: 1 }, { text: "a", rank: 2 });
    const { body } = await start(started, notes(`.index("by_it", ["rank"])`));
    await settle(started, body);
    expect(await byText("by_it")).toEqual(["a", "b"]);
    const { body: diff } = await finish(started, body);
    expect(diff.componentDiffs[""]!.indexDiff).toMatchObject({
      added_indexes: [{ name: "notes.by_it", fields: ["rank"] }],
      removed_indexes: [{ name: "notes.by_it", fields: ["text"] }],
    });
    expect(await byText("by_it")).toEqual(["b", "a"]);
    expect(indexNames("notes")).toEqual(["by_it(rank) enabled"]);
  });

  it("changes its name without being built again, two of them with each other too", async () => {
    started = await startDeployment();
    await push(started, notes(`.index("one", ["text"]).index("two", ["rank"])`));
    await insert("notes", { text: "b", rank: 1 }, { text: "a", rank: 2 });
    await push(started, notes(`.index("one", ["rank"]).index("two", ["text"])`));
    expect(await byText("one")).toEqual(["b", "a"]);
    expect(await byText("two")).toEqual(["a", "b"]);
  });

  it("is not waited for while it is staged, and enabled later without building it again", async () => {
    started = await startDeployment();
    await push(started, notes(""));
    await insert("notes", { text: "b", rank: 1 });
    const staged = await push(started, notes(`.index("by_text", { fields: ["text"], staged: true })`));
    expect(staged.componentDiffs[""]!.indexDiff.added_indexes).toMatchObject([
      { name: "notes.by_text", staged: true },
    ]);
    expect(indexNames("notes")).toEqual(["by_text(text) staged"]);
    const enabled = await push(started, notes(`.index("by_text", ["text"])`));
    expect(enabled.componentDiffs[""]!.indexDiff).toMatchObject({
      added_indexes: [],
      enabled_indexes: [{ name: "notes.by_text" }],
    });
    expect(await byText("by_text")).toEqual(["b"]);
    const disabled = await push(started, notes(`.index("by_text", { fields: ["text"], staged: true })`));
    expect(disabled.componentDiffs[""]!.indexDiff.disabled_indexes).toMatchObject([
      { name: "notes.by_text" },
    ]);
    expect(indexNames("notes")).toEqual(["by_text(text) staged"]);
  });
});

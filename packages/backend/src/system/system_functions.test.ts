import type { JSONValue } from "@tandem/values";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANONYMOUS, type Caller } from "../auth/caller.ts";
import { push, send } from "../deploy/testing/push_app.ts";
import { type StartedDeployment, startDeployment } from "../deploy/testing/start_deployment.ts";

let started: StartedDeployment;
beforeEach(async () => {
  started = await startDeployment();
});
afterEach(() => started.close());

const admin: Caller = { kind: "admin", actingAs: null, readOnly: false };

const run = (path: string, args: object = {}, caller: Caller = admin, componentPath = "") =>
  started.system.query(
    { path, args: JSON.stringify(args), journal: null, internal: true, componentPath },
    caller,
    started.engine.durable,
    "0123456789abcdef",
  );
const value = async (path: string, args: object = {}): Promise<JSONValue> => {
  const { result } = await run(path, args);
  if (result.kind === "error") throw new Error(result.message);
  return JSON.parse(result.value) as JSONValue;
};
const error = async (...given: Parameters<typeof run>) => {
  const { result } = await run(...given);
  return result.kind === "error" ? result.message : null;
};
/** Resolves when something that the query has read changes. */
const changed = async (path: string, args: object, change: () => Promise<unknown>) => {
  const { reads } = await run(path, args);
  const heard = new Promise<void>((resolve) =>
    started.engine.subscribe(reads, started.engine.durable, () => resolve()),
  );
  await change();
  await heard;
};
const insert = (table: string, ...documents: Record<string, string>[]) =>
  started.engine.transact({ source: "test" }, async (tx) => {
    for (const document of documents) await tx.insert(table, document);
  });
const setVariable = (name: string, text: string) =>
  send(started, "/api/update_environment_variables", { changes: [{ name, value: text }] });

const app = {
  "messages.ts": `
    import { queryGeneric } from "convex/server";
    import { v } from "convex/values";
    export const list = queryGeneric({ args: { n: v.number() }, returns: v.string(), handler: async () => "" });`,
};
const schema = `
  import { defineSchema, defineTable } from "convex/server";
  export default defineSchema({ notes: defineTable({}) });`;

describe("system queries", () => {
  it("are for admins only, and say so in words that tools look for", async () => {
    const refused = /^You do not have permission to perform this operation \(ViewData\)/;
    const actingAs = { tokenIdentifier: "a|b", issuer: "a", subject: "b" };
    expect(await error("_system/cli/tables", {}, ANONYMOUS)).toMatch(refused);
    expect(await error("_system/nothing", {}, ANONYMOUS)).toMatch(refused);
    expect(await error("_system/cli/tables", {}, { kind: "admin", readOnly: false, actingAs })).toMatch(
      refused,
    );
    expect(
      await error("_system/cli/tables", {}, { kind: "admin", readOnly: true, actingAs: null }),
    ).toBeNull();
  });

  it("refuse unknown names, wrong arguments and components by name", async () => {
    expect(await error("_system/cli/nothing")).toContain("Could not find function for '_system/cli/nothing'");
    expect(await error("_system/cli/tableSize", { table: 1 })).toMatch(/^ArgumentValidationError: /);
    expect(await error("_system/cli/tables", {}, admin, "waitlist")).toContain('"waitlist"');
  });

  it("list tables, and are live on new ones", async () => {
    await insert("b", {});
    await insert("a", {});
    expect(await value("_system/cli/tables", { paginationOpts: { cursor: null, numItems: 10000 } })).toEqual({
      page: [{ name: "a" }, { name: "b" }],
      isDone: true,
      continueCursor: "end",
    });
    await changed("_system/cli/tables", {}, () => insert("c", {}));
  });

  it.each(["asc", "desc"] as const)("page through a table, %s, each document once", async (order) => {
    const texts = Array.from({ length: 25 }, (_, i) => String(i));
    await insert("notes", ...texts.map((text) => ({ text })));
    const found: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    for (let isDone = false; !isDone; pages++) {
      const page = (await value("_system/cli/tableData", {
        table: "notes",
        order,
        paginationOpts: { cursor, numItems: 10 },
      })) as { page: { text: string }[]; isDone: boolean; continueCursor: string };
      found.push(...page.page.map(({ text }) => text));
      isDone = page.isDone;
      cursor = page.continueCursor;
    }
    expect(found).toEqual(order === "asc" ? texts : texts.reverse());
    expect(pages).toBe(3);
  });

  it("keep a page's ends when documents come and go between them", async () => {
    await insert("notes", ...["a", "b", "c", "d"].map((text) => ({ text })));
    const page = (paginationOpts: object) =>
      value("_system/cli/tableData", { table: "notes", order: "desc", paginationOpts });
    const first = (await page({ cursor: null, numItems: 2 })) as { page: object[]; continueCursor: string };
    await insert("notes", { text: "e" });
    const again = await page({ cursor: null, numItems: 2, endCursor: first.continueCursor });
    expect(again).toMatchObject({
      page: [{ text: "e" }, { text: "d" }, { text: "c" }],
      continueCursor: first.continueCursor,
    });
  });

  it("refuse a cursor of another query", async () => {
    await insert("notes", { text: "a" }, { text: "b" });
    const args = { table: "notes", order: "asc", paginationOpts: { cursor: null, numItems: 1 } };
    const { continueCursor } = (await value("_system/cli/tableData", args)) as { continueCursor: string };
    const other = { ...args, order: "desc", paginationOpts: { cursor: continueCursor, numItems: 1 } };
    const { result } = await run("_system/cli/tableData", other);
    expect(result).toMatchObject({ kind: "error", message: expect.stringMatching(/^InvalidCursor/) });
    expect(JSON.parse((result as { data: string }).data)).toEqual({
      isConvexSystemError: true,
      paginationError: "InvalidCursor",
    });
    expect(
      await error("_system/cli/tableData", { ...args, paginationOpts: { cursor: "x", numItems: 1 } }),
    ).toMatch(/InvalidCursor/);
  });

  it("count a table, and tell of any change in one", async () => {
    await insert("notes", { text: "a" }, { text: "b" });
    expect(await value("_system/cli/tableSize:default", { tableName: "notes" })).toBe(2);
    expect(await value("_system/cli/tableSize", { tableName: "none" })).toBe(0);
    const before = await value("_system/cli/queryTable", { tableName: "notes" });
    const [row] = await started.engine.snapshot().scan("notes", "by_id", { start: "", end: null }, "desc", 1);
    await changed("_system/cli/queryTable", { tableName: "notes" }, () =>
      started.engine.transact({ source: "test" }, (tx) => tx.patch(row!.document.id, { text: "c" })),
    );
    expect(await value("_system/cli/queryTable", { tableName: "notes" })).not.toBe(before);
    await changed("_system/cli/queryTable", { tableName: "none" }, () => insert("none", {}));
  });

  it("show the variables, live", async () => {
    await setVariable("B", "2");
    await changed("_system/cli/queryEnvironmentVariables", {}, () => setVariable("A", "1"));
    expect(await value("_system/cli/queryEnvironmentVariables")).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ]);
    expect(await value("_system/cli/queryEnvironmentVariables:get", { name: "B" })).toEqual({
      name: "B",
      value: "2",
    });
    expect(await value("_system/cli/queryEnvironmentVariables:get", { name: "C" })).toBeNull();
  });

  it("describe what was pushed, live on the next push", async () => {
    expect(await value("_system/cli/modules:apiSpec")).toEqual([]);
    const files = {
      ...app,
      "schema.ts": schema,
      "auth.config.ts": `export default { providers: [{ domain: "https://x.com", applicationID: "y" }] }`,
    };
    await changed("_system/cli/modules:apiSpec", {}, () => push(started, files));
    expect(await value("_system/cli/modules:apiSpec")).toEqual([
      {
        identifier: "messages.js:list",
        functionType: "Query",
        visibility: { kind: "public" },
        args: { type: "object", value: { n: { fieldType: { type: "number" }, optional: false } } },
        returns: { type: "string" },
      },
    ]);
    const { active, inProgress } = (await value("_system/frontend/getSchemas")) as {
      active: string;
      inProgress?: string;
    };
    expect(JSON.parse(active)).toMatchObject({ tables: [{ tableName: "notes" }], schemaValidation: true });
    expect(inProgress).toBeUndefined();
    expect(await value("_system/frontend/listAuthProviders")).toEqual([
      { applicationID: "y", domain: "https://x.com" },
    ]);
    expect(await value("_system/frontend/components:list")).toEqual([]);
  });

  it("tell the deployment's addresses", async () => {
    const { cloud, site } = started.urls;
    expect(await value("_system/cli/convexUrl:cloudUrl")).toBe(cloud);
    expect(await value("_system/frontend/convexCloudUrl")).toBe(cloud);
    expect(await value("_system/frontend/convexSiteUrl")).toBe(site);
  });
});

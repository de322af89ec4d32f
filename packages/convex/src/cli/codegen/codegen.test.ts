import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { EvaluatedComponentDefinition } from "@tandem/protocol";
import { describe, expect, test } from "vitest";
import { openProject } from "../project/config.ts";
import { writeInitialFiles } from "../project/initial_files.ts";
import { findEntryPoints } from "../push/entry_points.ts";
import { createFixtureProject, type FixtureProject, sampleApp } from "../testing/fixture_project.ts";
import { generateCode, writeGeneratedCode } from "./index.ts";

function generate(fixture: FixtureProject, analysis?: EvaluatedComponentDefinition): string[] {
  const project = openProject(fixture.root);
  return writeGeneratedCode(project, generateCode(project, findEntryPoints(project.functionsDir), analysis));
}

/** What the compiler says about the functions folder; empty if all is right. */
function typeErrors(fixture: FixtureProject): string {
  writeInitialFiles(openProject(fixture.root));
  const compiler = path.join(fixture.root, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, "--project", "convex", "--pretty", "false"], {
      cwd: fixture.root,
    });
    return "";
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}

const object = (value: Record<string, unknown>) => ({ type: "object", value });
const field = (fieldType: unknown, optional = false) => ({ fieldType, optional });
const fn = (name: string, udfType: string, kind: string, args: unknown, returns: unknown = null) => ({
  name,
  pos: null,
  udfType,
  visibility: { kind },
  args: JSON.stringify(args),
  returns: JSON.stringify(returns),
});

const analysis = {
  definition: {
    envVars: [
      ["STRIPE_KEY", { type: "value", value: '{"type":"string"}' }],
      [
        "MODE",
        {
          type: "value",
          value: '{"type":"union","value":[{"type":"literal","value":"a"},{"type":"literal","value":"b"}]}',
          optional: true,
        },
      ],
    ],
  },
  schema: {
    schemaValidation: true,
    tables: [
      {
        tableName: "messages",
        indexes: [{ indexDescriptor: "by_author", fields: ["author"] }],
        searchIndexes: [{ indexDescriptor: "search", searchField: "body", filterFields: ["author"] }],
        vectorIndexes: [],
        documentType: object({
          body: field({ type: "string" }),
          author: field({ type: "id", tableName: "users" }, true),
          tags: field({ type: "record", keys: { type: "string" }, values: field({ type: "number" }) }, true),
        }),
      },
      { tableName: "users", indexes: [], documentType: object({ name: field({ type: "string" }) }) },
    ],
  },
  functions: {
    "messages.js": {
      functions: [
        fn("list", "Query", "public", object({}), { type: "array", value: { type: "bigint" } }),
        fn(
          "send",
          "Mutation",
          "public",
          object({ body: field({ type: "string" }), to: field({ type: "id", tableName: "users" }, true) }),
        ),
        fn("clean", "Mutation", "internal", object({})),
      ],
    },
    "deep/er/stats.js": { functions: [fn("default", "Query", "public", object({}))] },
  },
} as unknown as EvaluatedComponentDefinition;

const uses = `import { api, internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { action, env, type QueryCtx } from "./_generated/server";
export const read = async (ctx: QueryCtx, id: Id<"messages">): Promise<Doc<"messages"> | null> => await ctx.db.get(id);
export const url: string = env.CONVEX_CLOUD_URL;
export const run = action({
  args: {},
  handler: async (ctx): Promise<null> => {
    await ctx.runMutation(api.messages.send, { body: "x" });
    await ctx.runMutation(internal.messages.clean, {});
    await ctx.runQuery(api.deep.er.stats.default, {});
    return null;
  },
});
export const wrong = action({
  args: {},
  handler: async (ctx): Promise<void> => {
    // @ts-expect-error: the argument must be a string.
    await ctx.runMutation(api.messages.send, { body: 1 });
    // @ts-expect-error: internal functions are not in \`api\`.
    await ctx.runMutation(api.messages.clean, {});
    // @ts-expect-error: there is no such table.
    await ctx.runQuery(api.messages.list as Doc<"nothing">, {});
  },
});
`;

describe("generated code", () => {
  test.each([
    ["dynamic, .js and .d.ts", {}],
    ["dynamic, .ts", { codegen: { fileType: "ts" } }],
    ["static, .d.ts", { codegen: { staticApi: true, staticDataModel: true } }],
    ["static, .ts", { codegen: { staticApi: true, staticDataModel: true, fileType: "ts" } }],
  ])("types an app with the genuine convex package: %s", (_name, config) => {
    using fixture = createFixtureProject({
      ...sampleApp,
      "convex/uses.ts": uses,
      "convex.json": JSON.stringify(config),
    });
    generate(fixture, analysis);
    expect(typeErrors(fixture)).toBe("");
  });

  test("types an app without a schema loosely", () => {
    using fixture = createFixtureProject({
      "convex/a.ts": `import { query } from "./_generated/server";
import type { Doc, Id } from "./_generated/dataModel";
export const get = query({ handler: async (ctx): Promise<Doc | null> => await ctx.db.get("x" as Id<"anything">) });
`,
    });
    generate(fixture);
    expect(typeErrors(fixture)).toBe("");
  });

  test("gives declared environment variables their types", () => {
    using fixture = createFixtureProject({
      "convex/a.ts": `import { env } from "./_generated/server";
export const key: string = env.STRIPE_KEY;
export const mode: "a" | "b" | undefined = env.MODE;
// @ts-expect-error: not declared.
export const other = env.OTHER;
`,
    });
    generate(fixture, analysis);
    expect(typeErrors(fixture)).toBe("");
  });

  test("keeps modules apart whose names look alike, or are words of the language", () => {
    const names = ["a/b", "a_b", "a-b", "delete", "api", "1st"];
    using fixture = createFixtureProject(
      Object.fromEntries(names.map((name) => [`convex/${name}.ts`, "export const x = 1;\n"])),
    );
    generate(fixture);
    expect(typeErrors(fixture)).toBe("");
    const text = readFileSync(path.join(fixture.root, "convex/_generated/api.d.ts"), "utf8");
    for (const name of names) expect(text).toContain(`"${name}": typeof `);
  });

  test("is left alone where nothing changed, and cleaned up when the file type does", () => {
    using fixture = createFixtureProject(sampleApp);
    expect(generate(fixture)).toHaveLength(5);
    const file = path.join(fixture.root, "convex/_generated/api.d.ts");
    const { mtimeMs, ino } = statSync(file);
    expect(generate(fixture)).toEqual([]);
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    rmSync(path.join(fixture.root, "convex/schema.ts"));
    expect(generate(fixture)).toEqual(["dataModel.d.ts"]);
    fixture.write("convex.json", '{"codegen":{"fileType":"ts"}}');
    expect(generate(fixture)).toEqual(expect.arrayContaining(["api.ts", "api.js", "server.d.ts"]));
    expect(generate(fixture)).toEqual([]);
  });

  test("comes in CommonJS too when asked for", () => {
    using fixture = createFixtureProject({ ...sampleApp, "convex.json": '{"generateCommonJSApi": true}' });
    expect(generate(fixture)).toEqual(expect.arrayContaining(["api_cjs.cjs", "api_cjs.d.cts"]));
  });
});

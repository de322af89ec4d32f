import path from "node:path";
import { describe, expect, test } from "vitest";
import { openProject } from "../project/config.ts";
import { createFixtureProject, type FixtureProject, sampleApp } from "../testing/fixture_project.ts";
import { bundleFunctions, createBundler } from "./bundle.ts";

const sourceOf = async (project: FixtureProject, name: string): Promise<string | undefined> =>
  (await bundleFunctions(project.root)).modules.find((module) => module.path === name)?.source;

describe("bundling", () => {
  test("puts what several modules share into chunks of their environment", async () => {
    using project = createFixtureProject({
      "convex/shared.ts": "export const shared = () => 'only once';\n",
      "convex/a.ts": 'import { shared } from "./shared";\nexport const a = shared;\n',
      "convex/n1.ts": '"use node";\nimport { shared } from "./shared";\nexport const n = shared;\n',
      "convex/n2.ts": '"use node";\nimport { shared } from "./shared";\nexport const n = shared;\n',
    });
    const { modules } = await bundleFunctions(project.root);
    const holding = modules.filter(({ source }) => source.includes("only once"));
    expect(
      holding.map(({ path, environment }) => `${path.replace(/[A-Z0-9]{8}/, "HASH")} ${environment}`),
    ).toEqual(["_deps/HASH.js isolate", "_deps/node/HASH.js node"]);
  });

  test("sees every change, however fast one follows the other", async () => {
    using project = createFixtureProject(sampleApp);
    await bundleFunctions(project.root);
    const bundler = createBundler(openProject(project.root));
    for (let count = 10; count < 40; count++) {
      project.write("convex/plain.js", `export const answer = ${count};\n`);
      const { modules } = await bundler.bundle();
      expect(modules.find(({ path }) => path === "plain.js")?.source).toContain(`= ${count};`);
    }
    await bundler.dispose();
  });

  test("notices an app definition, a schema or an auth config that is added later", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    const bundler = createBundler(openProject(project.root));
    const before = await bundler.bundle();
    expect([before.schema, before.modules.length]).toEqual([null, 1]);
    expect(before.definition).toMatchObject({ path: "convex.config.js", environment: "isolate" });
    project.write("convex/schema.ts", sampleApp["convex/schema.ts"] ?? "");
    project.write("convex/auth.config.ts", sampleApp["convex/auth.config.ts"] ?? "");
    project.write(
      "convex/convex.config.ts",
      'import { defineApp } from "convex/server";\nglobalThis.marker = 1;\nexport default defineApp();\n',
    );
    const after = await bundler.bundle();
    expect(after.schema?.path).toBe("schema.js");
    expect(after.modules.map(({ path }) => path)).toEqual(["a.js", "auth.config.js"]);
    expect(after.definition?.source).toContain("marker");
    await bundler.dispose();
  });

  test("keeps listed packages out of Node modules, with the versions that are installed", async () => {
    using project = createFixtureProject(
      {
        "convex.json": '{"node": {"externalPackages": ["big"]}}',
        "node_modules/big/package.json":
          '{"name":"big","version":"1.2.3","main":"i.js","peerDependencies":{"peer":"*"}}',
        "node_modules/big/i.js": "export const big = 'big code';\n",
        "node_modules/small/package.json": '{"name":"small","version":"1.0.0","main":"i.js"}',
        "node_modules/small/i.js": "export const small = 'small code';\n",
        "convex/n.ts":
          '"use node";\nimport { big } from "big";\nimport { small } from "small";\nexport const n = [big, small];\n',
        "convex/i.ts": 'import { big } from "big";\nexport const i = big;\n',
      },
      { big: "^1", small: "^1" },
    );
    const { modules, nodeDependencies } = await bundleFunctions(project.root);
    expect(nodeDependencies).toEqual([{ name: "big", version: "1.2.3" }]);
    const [inNode, inIsolate] = ["n.js", "i.js"].map(
      (name) => modules.find(({ path }) => path === name)?.source,
    );
    expect(inNode).toContain('from "big"');
    expect(inNode).toContain("small code");
    expect(inIsolate).toContain("big code");
  });

  test("takes WebAssembly, server-only and AsyncLocalStorage along", async () => {
    using project = createFixtureProject({
      "convex/a.ts": `import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import wasm from "./tiny.wasm";
export const all = [wasm, AsyncLocalStorage];
`,
      "convex/tiny.wasm": "\0asm\x01\0\0\0",
    });
    const source = await sourceOf(project, "a.js");
    expect(source).toContain("new WebAssembly.Module(");
    expect(source).toContain("globalThis.AsyncLocalStorage");
  });

  test("reports files to watch: the functions and what they import", async () => {
    using project = createFixtureProject({
      "convex/a.ts": 'import { x } from "../lib/x";\nexport const a = x;\n',
      "lib/x.ts": "export const x = 1;\n",
    });
    const { inputs } = await bundleFunctions(project.root);
    expect(inputs).toEqual(
      expect.arrayContaining(["convex/a.ts", "lib/x.ts"].map((name) => path.join(project.root, name))),
    );
  });

  test("says where to put what needs Node.js", async () => {
    using project = createFixtureProject({
      "convex/a.ts": 'import fs from "node:fs";\nexport const a = fs;\n',
    });
    await expect(bundleFunctions(project.root)).rejects.toThrow(/a\.ts:1:15[\s\S]*starts with "use node"/);
  });

  test("embeds sources in source maps only when asked to", async () => {
    for (const [config, embedded] of [
      ["{}", false],
      ['{"bundler":{"includeSourcesContent":true}}', true],
    ] as const) {
      using project = createFixtureProject({ "convex.json": config, "convex/a.ts": "export const a = 1;\n" });
      const { modules } = await bundleFunctions(project.root);
      const map = JSON.parse(modules[0]?.sourceMap ?? "{}") as {
        sources: string[];
        sourcesContent?: string[];
      };
      expect(map.sources).toEqual(["../convex/a.ts"]);
      expect(map.sourcesContent !== undefined).toBe(embedded);
    }
  });

  test("refuses a component by name", async () => {
    using project = createFixtureProject({
      "convex/convex.config.ts":
        'import { defineApp } from "convex/server";\nimport part from "./part/convex.config";\nconst app = defineApp();\napp.use(part);\nexport default app;\n',
      "convex/part/convex.config.ts":
        'import { defineComponent } from "convex/server";\nexport default defineComponent("part");\n',
    });
    await expect(bundleFunctions(project.root)).rejects.toThrow(
      'The component "./part/convex.config" cannot be used',
    );
  });
});

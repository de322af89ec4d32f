import path from "node:path";
import { describe, expect, test } from "vitest";
import { createFixtureProject } from "../testing/fixture_project.ts";
import { findEntryPoints, modulePath } from "./entry_points.ts";

function entryPointsOf(files: Record<string, string>) {
  using project = createFixtureProject(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`convex/${name}`, text])),
  );
  const folder = path.join(project.root, "convex");
  const skipped: Record<string, string> = {};
  const suspicious: string[] = [];
  const found = findEntryPoints(folder, {
    skipped: (file, why) => {
      skipped[path.relative(folder, file)] = why;
    },
    suspicious: (text) => suspicious.push(text),
  });
  const names = (list: readonly string[]) => list.map((file) => modulePath(folder, file));
  return { isolate: names(found.isolate), node: names(found.node), skipped, suspicious };
}

const code = "export const a = 1;\n";

describe("the modules of a functions folder", () => {
  test("are all JavaScript and TypeScript files, sorted, in folders too", () => {
    const files = ["b.ts", "a.tsx", "c/d.mjs", "e.cjs", "f.mts", "g.cts", "h.jsx", "i.js"];
    expect(entryPointsOf(Object.fromEntries(files.map((name) => [name, code]))).isolate).toEqual(
      ["a", "b", "c/d", "e", "f", "g", "h", "i"].map((name) => `${name}.js`),
    );
  });

  test("leave out what is no module, each for its reason", () => {
    const { isolate, skipped } = entryPointsOf({
      "kept.ts": code,
      "_generated/api.js": code,
      ".hidden.ts": code,
      "#emacs.ts": code,
      "schema.ts": code,
      "deep/schema.js": code,
      "a.test.ts": code,
      "auth.config.ts": code,
      "types.d.ts": code,
      "with space.ts": code,
      "in folder/a.ts": code,
      "empty.ts": "const a = 1;\n",
      "README.md": "# Hi\n",
      "part/convex.config.ts": code,
      "part/a.ts": code,
    });
    expect(isolate).toEqual(["kept.js"]);
    expect(Object.keys(skipped)).toHaveLength(13);
    expect(skipped["empty.ts"]).toContain("neither imports nor exports");
    expect(skipped["part"]).toContain("component");
  });

  test("go to Node.js only with the directive", () => {
    const { isolate, node } = entryPointsOf({
      "a.ts": `"use node";\n${code}`,
      "b.ts": code,
      "actions/c.ts": `"use node";\n${code}`,
    });
    expect(node).toEqual(["a.js", "actions/c.js"]);
    expect(isolate).toEqual(["b.js"]);
  });

  test.each([
    [{ "http.ts": `"use node";\n${code}` }, "http.ts cannot run in Node.js"],
    [{ "crons.js": `"use node";\n${code}` }, "crons.js cannot run in Node.js"],
    [{ "actions/a.ts": code }, 'no "use node"'],
    [{ "_deps/a.ts": code }, "`_deps`"],
  ])("must not be %j", (files, message) => {
    expect(() => entryPointsOf(files as Record<string, string>)).toThrow(message);
  });

  test("warn of a misspelt http.ts", () => {
    const { suspicious } = entryPointsOf({ "https.ts": 'import { httpRouter } from "convex/server";\n' });
    expect(suspicious[0]).toContain("Rename the file");
  });
});

import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { ModuleSource } from "../lanes/lane.ts";

/** Which `convex` an app's functions are written against. */
export type ConvexPackage = "convex-genuine" | "@tandem/convex";

const here = dirname(fileURLToPath(import.meta.url));
const ours = join(here, "../../../convex/src");

/** Bundles sources as the CLI does (R §5.1). `files` are named below `convex/`. */
export async function bundleFunctions(
  files: Readonly<Record<string, string>>,
  convex: ConvexPackage = "convex-genuine",
): Promise<ModuleSource[]> {
  const sources = new Map(Object.entries(files).map(([name, text]) => [`/app/convex/${name}`, text]));
  const virtual: Plugin = {
    name: "virtual-files",
    setup(options) {
      options.onResolve({ filter: /^convex\// }, ({ path, ...rest }) => {
        if (convex === "@tandem/convex")
          return { path: join(ours, path.slice("convex/".length), "index.ts") };
        return options.resolve(path.replace("convex", convex), { resolveDir: here, kind: rest.kind });
      });
      options.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point") return { path, namespace: "app" };
        if (!importer.startsWith("/app/")) return undefined;
        if (!path.startsWith(".")) return options.resolve(path, { resolveDir: here, kind });
        const target = posix.join(posix.dirname(importer), path);
        for (const one of [target, `${target}.ts`, `${target}.js`]) {
          if (sources.has(one)) return { path: one, namespace: "app" };
        }
        return undefined;
      });
      options.onLoad({ filter: /.*/, namespace: "app" }, ({ path }) => ({
        contents: sources.get(path)!,
        loader: path.endsWith(".ts") ? "ts" : "js",
        resolveDir: here,
      }));
    },
  };
  const result = await build({
    entryPoints: [...sources.keys()].map((path) => ({
      in: path,
      out: path.replace("/app/convex/", "").replace(/\.[tj]s$/, ""),
    })),
    bundle: true,
    format: "esm",
    target: "esnext",
    splitting: true,
    outdir: "/out",
    chunkNames: "_deps/[hash]",
    conditions: ["convex", "module", "tandem-source"],
    platform: "browser",
    treeShaking: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    define: { "process.env.NODE_ENV": '"production"' },
    sourcemap: true,
    sourcesContent: false,
    logLevel: "silent",
    write: false,
    plugins: [virtual],
  });
  const outputs = new Map(
    result.outputFiles.map((file) => [file.path.replace(/^.*?\/out\//, ""), file.text]),
  );
  const modules: ModuleSource[] = [];
  for (const [path, source] of outputs) {
    if (!path.endsWith(".js")) continue;
    const sourceMap = outputs.get(`${path}.map`);
    modules.push(sourceMap === undefined ? { path, source } : { path, source, sourceMap });
  }
  return modules;
}

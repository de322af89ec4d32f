import { fileURLToPath } from "node:url";
import type { ModuleConfig } from "@tandem/protocol";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const prefix = "/app/convex/";

/** Bundles sources, named below `convex/`, with the options of R §5.1 and the genuine `convex` package. */
export async function bundleSources(
  files: Readonly<Record<string, string>>,
  splitting: boolean,
): Promise<ModuleConfig[]> {
  const virtual: Plugin = {
    name: "virtual-files",
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^convex\// }, ({ path, kind }) =>
        resolve(path.replace("convex", "convex-genuine"), { resolveDir: root, kind }),
      );
      onResolve({ filter: /^\.|^\/app/ }, ({ path, importer }) => {
        if (path.startsWith(prefix)) return { path, namespace: "app" };
        if (!importer.startsWith(prefix)) return undefined;
        const target = new URL(path, `file://${importer}`).pathname.replace(/(\.[tj]s)?$/, ".ts");
        return { path: target, namespace: "app" };
      });
      onLoad({ filter: /.*/, namespace: "app" }, ({ path }) => ({
        contents: files[path.slice(prefix.length)]!,
        loader: "ts",
        resolveDir: root,
      }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: Object.keys(files).map((name) => ({
      in: `${prefix}${name}`,
      out: name.replace(/\.ts$/, ""),
    })),
    bundle: true,
    format: "esm",
    target: "esnext",
    splitting,
    outdir: "/out",
    chunkNames: "_deps/[hash]",
    conditions: ["convex", "module"],
    platform: "browser",
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
  const texts = new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*?\/out\//, ""), text]));
  return [...texts].flatMap(([path, source]) => {
    if (!path.endsWith(".js")) return [];
    return [{ path, source, sourceMap: texts.get(`${path}.map`), environment: "isolate" as const }];
  });
}

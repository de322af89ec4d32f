import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A change of one source file that makes it wrong: the checkers have to notice. */
export interface PlantedBug {
  readonly name: string;
  readonly file: URL;
  /** Must occur in the file exactly once, so that a bug cannot quietly stop being one. */
  readonly find: string;
  readonly replace: string;
}

/** Loads the module at `entry`, with all its sources, as it would be with `bug` in it. */
export async function plantBug<Module>(bug: PlantedBug, entry: URL): Promise<Module> {
  const { build } = await import("esbuild");
  const file = fileURLToPath(bug.file);
  // Inside of node_modules, so that what it imports from there is found.
  const modules = dirname(dirname(createRequire(import.meta.url).resolve("esbuild/package.json")));
  const folder = await mkdtemp(join(modules, ".planted-bug-"));
  const outfile = join(folder, "module.mjs");
  let planted = 0;
  try {
    await build({
      entryPoints: [fileURLToPath(entry)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node24",
      conditions: ["tandem-source"],
      logLevel: "silent",
      plugins: [
        {
          name: "planted bug",
          setup(esbuild) {
            esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
              kind === "entry-point" || path.startsWith("@tandem/") ? undefined : { path, external: true },
            );
            esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
              if (path !== file) return undefined;
              const source = await readFile(path, "utf8");
              const parts = source.split(bug.find);
              if (parts.length !== 2) {
                throw new Error(
                  `"${bug.name}" wants to change ${path}, but finds its place ${parts.length - 1} times instead of once.`,
                );
              }
              planted++;
              return { contents: parts.join(bug.replace), loader: "ts" };
            });
          },
        },
      ],
    });
    if (planted !== 1) throw new Error(`"${bug.name}": ${file} is no part of ${fileURLToPath(entry)}.`);
    return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Module;
  } finally {
    await rm(folder, { recursive: true });
  }
}

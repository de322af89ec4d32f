import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** One piece of one source file, and what stands in its place. */
export interface SourceChange {
  readonly file: URL;
  /** Must occur in the file exactly once, so that a change cannot quietly stop being one. */
  readonly find: string;
  readonly replace: string;
}

/** A change of one source file that makes it wrong: the checkers have to notice. */
export interface PlantedBug extends SourceChange {
  readonly name: string;
}

/** Loads the module at `entry`, with all its sources, as it would be with `bug` in it. */
export function plantBug<Module>(bug: PlantedBug, entry: URL): Promise<Module> {
  return plantChanges(bug.name, [bug], entry);
}

export interface PlantingOptions {
  /**
   * Where the sources of other packages come from: `bundled` makes them part of the module, so that they can be
   * changed too; `imported` shares them with everything else in the process, which is much faster.
   */
  readonly otherPackages?: "bundled" | "imported";
}

const SOURCE_FILE = /\.tsx?$/;

/** Loads the module at `entry` as it would be with all of `changes` in its sources. `name` is for errors. */
export async function plantChanges<Module>(
  name: string,
  changes: readonly SourceChange[],
  entry: URL,
  { otherPackages = "bundled" }: PlantingOptions = {},
): Promise<Module> {
  const { build } = await import("esbuild");
  // Inside of node_modules, so that what it imports from there is found.
  const modules = dirname(dirname(createRequire(import.meta.url).resolve("esbuild/package.json")));
  const folder = await mkdtemp(join(modules, ".planted-bug-"));
  const outfile = join(folder, "module.mjs");
  const planted = new Set<SourceChange>();
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
          name: "planted changes",
          setup(esbuild) {
            esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
              kind === "entry-point" || (otherPackages === "bundled" && path.startsWith("@tandem/"))
                ? undefined
                : { path, external: true },
            );
            esbuild.onLoad({ filter: SOURCE_FILE }, async ({ path }) => {
              const here = pathToFileURL(path).href;
              let source = await readFile(path, "utf8");
              for (const change of changes) {
                if (change.file.href !== here) continue;
                source = changed(name, source, change);
                planted.add(change);
              }
              // Files that lie beside the source (workers) lie beside it still.
              const contents = source.replaceAll("import.meta.url", JSON.stringify(here));
              return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
            });
          },
        },
      ],
    });
    for (const change of changes) {
      if (!planted.has(change)) throw new Error(`"${name}": ${change.file} is no part of ${entry}.`);
    }
    return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Module;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function changed(name: string, source: string, { file, find, replace }: SourceChange): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `"${name}" wants to change ${fileURLToPath(file)}, but finds its place ${parts.length - 1} times instead of once: ${find}`,
    );
  }
  return parts.join(replace);
}

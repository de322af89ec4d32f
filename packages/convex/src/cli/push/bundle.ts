import { existsSync } from "node:fs";
import path from "node:path";
import type { ModuleEnvironment, NodeDependency } from "@tandem/protocol";
import type * as esbuild from "esbuild";
import { generateCode, writeGeneratedCode } from "../codegen/index.ts";
import { Failure } from "../failure.ts";
import { openProject, type Project } from "../project/config.ts";
import { type EntryPointReport, type EntryPoints, findEntryPoints } from "./entry_points.ts";
import { asyncHooksInIsolates, serverOnly, webAssembly } from "./esbuild_plugins.ts";
import { externalPackages } from "./external_packages.ts";
import { createIncrementalBuilds } from "./incremental_builds.ts";
import type { BundledModule } from "./module.ts";

/** Everything of an app that a push sends. */
export interface BundledApp {
  /** The bundled `convex.config`, a made-up empty one if the app has none. */
  readonly definition: BundledModule | null;
  readonly schema: BundledModule | null;
  /** Functions, shared chunks (`_deps/…`) and the auth config. */
  readonly modules: readonly BundledModule[];
  readonly nodeDependencies: readonly NodeDependency[];
  /** Absolute paths of all files that went in: what has to be watched. */
  readonly inputs: readonly string[];
  /** The files of the functions folder that became modules, for code generation. */
  readonly entryPoints: EntryPoints;
}

/** How to bundle. */
export interface BundleOptions extends EntryPointReport {
  /** Export conditions of packages besides `convex` and `module`. */
  readonly conditions?: readonly string[];
}

/**
 * Bundles an app again and again, each time only what changed: parsed files stay in esbuild's memory
 * between calls. Call `dispose` at the end, or the process does not end.
 */
export interface Bundler {
  bundle(): Promise<BundledApp>;
  /** The auth config alone, just as {@link bundle} has it among the modules; null if the app has none. */
  bundleAuthConfig(): Promise<BundledModule | null>;
  dispose(): Promise<void>;
}

/** Makes a {@link Bundler} for a project, with the options and rules of R §5.1. */
export function createBundler(project: Project, options: BundleOptions = {}): Bundler {
  const { root, functionsDir } = project;
  const conditions = ["convex", "module", ...(options.conditions ?? [])];
  const external = externalPackages(project);
  const settingsFiles = ["package.json", "tsconfig.json", path.join(functionsDir, "tsconfig.json")];
  const builds = createIncrementalBuilds(
    root,
    settingsFiles.map((file) => path.resolve(root, file)),
    (text) => options.suspicious?.(text),
  );

  const functionBuild = (
    entryPoints: readonly string[],
    platform: "browser" | "node",
  ): esbuild.BuildOptions => ({
    entryPoints: [...entryPoints],
    bundle: true,
    platform,
    format: "esm",
    target: "esnext",
    jsx: "automatic",
    outdir: "out",
    outbase: functionsDir,
    conditions,
    plugins: [
      ...(platform === "browser" ? [asyncHooksInIsolates] : []),
      serverOnly,
      ...(platform === "node" ? [external.plugin] : []),
      webAssembly,
    ],
    sourcemap: true,
    sourcesContent: project.config.bundler.includeSourcesContent,
    splitting: true,
    chunkNames: platform === "node" ? "_deps/node/[hash]" : "_deps/[hash]",
    treeShaking: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const modules = (files: readonly esbuild.OutputFile[], environment: ModuleEnvironment): BundledModule[] =>
    pairWithMaps(files, path.join(root, "out"), environment);

  const bundleDefinition = async (): Promise<{ module: BundledModule | null; inputs: readonly string[] }> => {
    const found = oneOf(functionsDir, "convex.config");
    const file = found ?? path.join(functionsDir, "convex.config.ts");
    const result = await builds.run("definition", {
      entryPoints: [`./${path.relative(root, file).split(path.sep).join("/")}`],
      bundle: true,
      platform: "browser",
      format: "esm",
      target: "esnext",
      conditions,
      splitting: false,
      outdir: path.parse(root).root,
      outbase: path.parse(root).root,
      minify: true,
      keepNames: true,
      sourcemap: true,
      plugins: [...(found === undefined ? [emptyDefinition(functionsDir)] : []), withoutComponents],
    });
    const [module] = pairWithMaps(result.files, functionsDir, "isolate");
    return {
      module: module === undefined ? null : { ...module, path: "convex.config.js" },
      inputs: result.inputs,
    };
  };

  const bundleSingle = async (name: string, entry: string | undefined, splitting: boolean) => {
    if (entry === undefined) return { modules: [], inputs: [] };
    const result = await builds.run(name, {
      ...functionBuild([entry], "browser"),
      sourcesContent: false,
      splitting,
    });
    return { modules: modules(result.files, "isolate"), inputs: result.inputs };
  };

  const bundleAuth = () => bundleSingle("auth", onlyOneOf(functionsDir, "auth.config"), false);

  return {
    bundleAuthConfig: async () => (await bundleAuth()).modules[0] ?? null,
    async bundle() {
      const entryPoints = findEntryPoints(functionsDir, options);
      const [definition, schema, isolate, node, auth] = await Promise.all([
        bundleDefinition(),
        bundleSingle("schema", oneOf(functionsDir, "schema"), true),
        builds.run("isolate", functionBuild(entryPoints.isolate, "browser")),
        builds.run("node", functionBuild(entryPoints.node, "node")),
        bundleAuth(),
      ]);
      return {
        definition: definition.module,
        schema: schema.modules[0] ?? null,
        modules: [...modules(isolate.files, "isolate"), ...modules(node.files, "node"), ...auth.modules],
        nodeDependencies: external.used(),
        inputs: [...new Set([definition, schema, isolate, node, auth].flatMap((part) => part.inputs))],
        entryPoints,
      };
    },
    dispose: () => builds.dispose(),
  };
}

/**
 * Bundles the app of the project at (or above) `dir` once. Files that are missing in `_generated`, which the
 * functions import, are written first, unless `generate` is false.
 *
 * @example
 * const app = await bundleFunctions("examples/chat");
 * await pushModules({ url: "http://127.0.0.1:3210", adminKey }, app);
 */
export async function bundleFunctions(
  dir: string,
  options: BundleOptions & { readonly generate?: boolean } = {},
): Promise<BundledApp> {
  const project = openProject(dir);
  if (options.generate !== false) {
    writeGeneratedCode(project, generateCode(project, findEntryPoints(project.functionsDir)), true);
  }
  const bundler = createBundler(project, options);
  try {
    return await bundler.bundle();
  } finally {
    await bundler.dispose();
  }
}

/** Stands in for a `convex.config` that the app does not have. */
function emptyDefinition(functionsDir: string): esbuild.Plugin {
  return {
    name: "empty-definition",
    setup(build) {
      build.onResolve({ filter: /convex\.config\.ts$/ }, (args) =>
        args.kind === "entry-point" ? { path: args.path, namespace: "empty-definition" } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "empty-definition" }, () => ({
        contents: 'import { defineApp } from "convex/server";\nexport default defineApp();\n',
        resolveDir: functionsDir,
      }));
    },
  };
}

const withoutComponents: esbuild.Plugin = {
  name: "without-components",
  setup(build) {
    build.onResolve({ filter: /convex\.config(\.[cm]?[jt]s)?$/ }, (args) =>
      args.kind === "entry-point"
        ? undefined
        : {
            errors: [
              {
                text: `The component "${args.path}" cannot be used: this version pushes apps without components. Remove it from convex.config.`,
              },
            ],
          },
    );
  },
};

function oneOf(folder: string, name: string): string | undefined {
  return [".ts", ".js"]
    .map((extension) => path.join(folder, name + extension))
    .find((file) => existsSync(file));
}

function onlyOneOf(folder: string, name: string): string | undefined {
  const [typescript, javascript] = [path.join(folder, `${name}.ts`), path.join(folder, `${name}.js`)];
  if (existsSync(typescript) && existsSync(javascript)) {
    throw new Failure(`There are both ${typescript} and ${javascript}. Delete one of them.`, {
      remedy: { type: "files" },
    });
  }
  return oneOf(folder, name);
}

function pairWithMaps(
  files: readonly esbuild.OutputFile[],
  base: string,
  environment: ModuleEnvironment,
): BundledModule[] {
  const relative = (file: esbuild.OutputFile): string =>
    path.relative(base, file.path).split(path.sep).join("/");
  const maps = new Map(
    files.filter((file) => file.path.endsWith(".map")).map((file) => [relative(file), file.text]),
  );
  return files
    .filter((file) => !file.path.endsWith(".map"))
    .map((file) => {
      const sourceMap = maps.get(`${relative(file)}.map`);
      return {
        path: relative(file),
        source: file.text,
        ...(sourceMap === undefined ? {} : { sourceMap }),
        environment,
      };
    });
}

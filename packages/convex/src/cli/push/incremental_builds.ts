import { statSync } from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { Failure } from "../failure.ts";

/** What a build came to. */
export interface BuildResult {
  readonly files: readonly esbuild.OutputFile[];
  /** Absolute paths of the files that went in. */
  readonly inputs: readonly string[];
}

/** Builds that are made again and again, each with its memory of the time before. */
export interface IncrementalBuilds {
  /**
   * Runs the build of this name. Nothing is built if no file that went in has changed. Throws a
   * {@link Failure} with the errors of the code.
   */
  run(name: string, settings: esbuild.BuildOptions): Promise<BuildResult>;
  dispose(): Promise<void>;
}

interface Build {
  readonly key: string;
  readonly context: esbuild.BuildContext;
  last: { readonly result: BuildResult; readonly states: ReadonlyMap<string, string> } | undefined;
}

/** A file that was written this shortly before a build may be written again within the same tick of its clock. */
const tickMs = 10;

/**
 * Makes builds in a folder. `settingsFiles` are read by the bundler without being inputs (a `tsconfig.json`);
 * `warn` gets the warnings of the code.
 */
export function createIncrementalBuilds(
  root: string,
  settingsFiles: readonly string[],
  warn: (text: string) => void,
): IncrementalBuilds {
  const builds = new Map<string, Build>();
  const prepare = async (name: string, settings: esbuild.BuildOptions): Promise<Build> => {
    const key = JSON.stringify([settings.entryPoints, settings.plugins?.map((plugin) => plugin.name)]);
    const known = builds.get(name);
    if (known?.key === key) return known;
    await known?.context.dispose();
    builds.delete(name);
    const context = await esbuild.context({
      ...settings,
      absWorkingDir: root,
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const build: Build = { key, context, last: undefined };
    builds.set(name, build);
    return build;
  };
  return {
    async run(name, settings) {
      const build = await prepare(name, settings);
      if (
        build.last !== undefined &&
        [...build.last.states].every(([file, state]) => stateOf(file) === state)
      ) {
        return build.last.result;
      }
      const begun = Date.now();
      build.last = undefined;
      try {
        const built = await build.context.rebuild();
        for (const warning of built.warnings) warn(await formatMessage(warning, "warning"));
        const result = { files: built.outputFiles ?? [], inputs: inputsOf(root, built.metafile) };
        const states = new Map([...result.inputs, ...settingsFiles].map((file) => [file, stateOf(file)]));
        const settled = result.inputs.every((file) => modifiedMs(file) < begun - tickMs);
        if (settled) build.last = { result, states };
        return result;
      } catch (error) {
        throw await bundlingFailure(error);
      }
    },
    async dispose() {
      await Promise.all([...builds.values()].map(({ context }) => context.dispose()));
      builds.clear();
    },
  };
}

function stateOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "absent" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

function modifiedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function inputsOf(root: string, metafile: esbuild.Metafile | undefined): string[] {
  return Object.keys(metafile?.inputs ?? {}).flatMap((input) => {
    // Virtual modules carry their namespace; a WebAssembly file is the one with a real path behind it.
    const bare = input.replace(/^wasm-(binary|stub):/, "");
    return /^[a-z-]{2,}:/.test(bare) || bare.startsWith("(disabled)") ? [] : [path.resolve(root, bare)];
  });
}

async function formatMessage(message: esbuild.PartialMessage, kind: "error" | "warning"): Promise<string> {
  const [text = ""] = await esbuild.formatMessages([message], { kind, color: process.stderr.isTTY === true });
  return text.trimEnd();
}

async function bundlingFailure(error: unknown): Promise<unknown> {
  if (!isBuildFailure(error)) return error;
  const texts = await Promise.all(error.errors.map((message) => formatMessage(message, "error")));
  const needsNode = error.errors.some((message) =>
    message.notes.some((note) => note.text.includes("bundle for node")),
  );
  const advice = needsNode
    ? 'A file without the "use node" directive uses an API of Node.js. Move the actions that need it to a file of their own that starts with "use node".'
    : "Your functions could not be bundled: fix the errors above.";
  return new Failure(`${texts.join("\n\n")}\n\n${advice}`, { remedy: { type: "files" }, cause: error });
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

import { decodedMappings, encodedMap, TraceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import { stop, transform } from "esbuild";
import type { FunctionsVersion, ModuleSource } from "../lanes/lane.ts";
import { findNameHelpers, type NameHelper, nameByProperty } from "./function_names.ts";
import { moduleLinks } from "./link.ts";
import type { AnyNode } from "./scopes.ts";
import { analyzeState, byPlace, type Insertion, TRACKER } from "./state_analysis.ts";

/** How a module's state is kept from the next call (DESIGN.md, "Module state"). */
export type Way =
  /** Evaluated once per lane, and frozen. */
  | "shared"
  /** Evaluated again for each call, in the warm realm. */
  | "reevaluated"
  /** Only in a realm of its own, made for one call. */
  | "fresh";

/** A module as lanes run it. Plain data: it travels between threads. */
export interface PreparedModule {
  readonly path: string;
  /** An expression: a function of `(module, exports, require, tracker, globalThis, self)`. */
  readonly factory: string;
  /** From specifiers, as they stand in the code, to paths of modules. */
  readonly links: Readonly<Record<string, string>>;
  readonly way: Way;
  /** Awaits at its top: evaluating it takes more than one turn. */
  readonly isAsync: boolean;
}

export interface PreparedVersion extends Omit<FunctionsVersion, "modules"> {
  /** The source maps of `modules` lead from the factories to the user's own source; their `source` is empty. */
  readonly maps: readonly ModuleSource[];
  readonly modules: readonly PreparedModule[];
}

/** Turns each module of a push into a factory. Once per push, on the host; some milliseconds a module. */
export async function prepareVersion(version: FunctionsVersion): Promise<PreparedVersion> {
  const paths = new Set(version.modules.map((module) => module.path));
  const helpers = findNameHelpers(version.modules);
  const prepared = await whileServiceRuns(() =>
    Promise.all(version.modules.map((module) => prepareModule(module, paths, helpers))),
  );
  const { id, analysis, importClock, importSeed } = version;
  return {
    id,
    analysis,
    importClock,
    importSeed,
    maps: prepared.map(({ module, map }) => ({ path: module.path, source: "", sourceMap: map })),
    modules: spreadWays(prepared.map(({ module }) => module)),
  };
}

let preparing = 0;

/**
 * esbuild is a process of its own, of some 20 MB, that would stay. The product has no other use for it; programs
 * that run from source have, and keep it.
 */
async function whileServiceRuns<T>(work: () => Promise<T>): Promise<T> {
  preparing++;
  try {
    return await work();
  } finally {
    preparing--;
    if (preparing === 0 && !import.meta.url.endsWith(".ts")) await stop();
  }
}

/** The text before a module's own first line; it has no line break. */
const HEAD = `(function(module,exports,require,${TRACKER},globalThis,self){"use strict";`;

async function prepareModule(
  module: ModuleSource,
  paths: ReadonlySet<string>,
  helpers: ReadonlyMap<string, NameHelper>,
): Promise<{ module: PreparedModule; map: string }> {
  const { code, map, isAsync } = await toCommonJs(module);
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowReturnOutsideFunction: true,
  }) as unknown as AnyNode;
  const links = moduleLinks(module.path, program, paths);
  const analysis = isAsync ? null : analyzeState(code);
  const names = nameByProperty(program, links, helpers.get(module.path), helpers);
  const insertions = [...names, ...(analysis?.insertions ?? [])].sort(byPlace);
  const head = isAsync ? HEAD.replace("(function", "(async function") : HEAD;
  const way: Way =
    analysis === null || analysis.needsOwnRealm
      ? "fresh"
      : analysis.disproof === null
        ? "shared"
        : "reevaluated";
  return {
    module: {
      path: module.path,
      factory: `${head}${insert(code, insertions)}\n})`,
      links,
      way,
      isAsync,
    },
    map: shiftedMap(map, code, [{ at: 0, text: head }, ...insertions]),
  };
}

async function toCommonJs(module: ModuleSource): Promise<{ code: string; map: string; isAsync: boolean }> {
  const withMap =
    module.sourceMap === undefined || module.sourceMap === ""
      ? module.source
      : `${module.source.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, "\n")}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(module.sourceMap).toString("base64")}`;
  const options = {
    loader: "js",
    target: "esnext",
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: module.path,
    keepNames: false,
    legalComments: "none",
    supported: { "dynamic-import": false },
  } as const;
  try {
    const { code, map } = await transform(withMap, { ...options, format: "cjs" });
    return { code, map, isAsync: false };
  } catch (error) {
    const [fault] =
      (error as { errors?: readonly { text: string; location: { line: number } | null }[] }).errors ?? [];
    if (fault === undefined) throw error;
    if (!/top-level await/i.test(fault.text)) {
      const place = fault.location === null ? "" : `:${fault.location.line}`;
      throw new UnsupportedModuleError(`${module.path}${place} is no JavaScript: ${fault.text}.`);
    }
    throw new UnsupportedModuleError(
      `${module.path} awaits at its top level, which is not supported in functions. Move the await into the function that needs it.`,
    );
  }
}

/** A module that cannot run here; the text says why. */
export class UnsupportedModuleError extends Error {
  override readonly name = "UnsupportedModuleError";
  readonly code = "InvalidModules";
}

function insert(code: string, insertions: readonly Insertion[]): string {
  let out = "";
  let done = 0;
  for (const { at, text } of insertions) {
    out += code.slice(done, at) + text;
    done = at;
  }
  return out + code.slice(done);
}

/** The map of code into which `insertions` were put. */
function shiftedMap(mapText: string, code: string, insertions: readonly Insertion[]): string {
  const map = new TraceMap(mapText);
  const lines = decodedMappings(map).map((line) => line.map((segment) => [...segment]));
  const starts = [0];
  for (let i = code.indexOf("\n"); i !== -1; i = code.indexOf("\n", i + 1)) starts.push(i + 1);
  const byLine = new Map<number, { column: number; length: number }[]>();
  let line = 0;
  for (const { at, text } of insertions) {
    while (line + 1 < starts.length && starts[line + 1]! <= at) line++;
    const list = byLine.get(line) ?? [];
    list.push({ column: at - starts[line]!, length: text.length });
    byLine.set(line, list);
  }
  for (const [number, list] of byLine) {
    for (const segment of lines[number] ?? []) {
      let shift = 0;
      for (const { column, length } of list) if (column <= segment[0]!) shift += length;
      segment[0]! += shift;
    }
  }
  const shifted = new TraceMap({
    version: 3,
    names: map.names,
    sources: map.sources,
    mappings: lines as unknown as [number][][],
  });
  return JSON.stringify(encodedMap(shifted));
}

/** Who imports what cannot be shared holds on to one instance of it, and cannot be shared either. */
export function spreadWays(modules: readonly PreparedModule[]): PreparedModule[] {
  const ways = new Map(modules.map((module) => [module.path, module.way]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const module of modules) {
      for (const link of Object.values(module.links)) {
        const lower = lowerWay(ways.get(module.path)!, ways.get(link) ?? "shared");
        if (lower !== ways.get(module.path)) {
          ways.set(module.path, lower);
          changed = true;
        }
      }
    }
  }
  return modules.map((module) => ({ ...module, way: ways.get(module.path)! }));
}

function lowerWay(a: Way, b: Way): Way {
  if (a === "fresh" || b === "fresh") return "fresh";
  return a === "reevaluated" || b === "reevaluated" ? "reevaluated" : "shared";
}

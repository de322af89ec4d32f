import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { type JSONValue, parseValidatorJson, type ValidatorJSON } from "@tandem/values";
import { type Comment, parse } from "acorn";
import { type RealmHost, realmSnapshot, Sandbox } from "../isolate/isolate.ts";
import { DEFAULT_ISOLATE_LIMITS, type IsolateLimits, outOfMemoryText } from "../isolate/limits.ts";
import type { InspectedModule } from "../isolate/realm/execution.ts";
import { mapStack, type SourceMaps, sourceMapsOf, uncaughtResult } from "../isolate/stack_traces/index.ts";
import { hostCall } from "../isolate/web/index.ts";
import type { AnalyzedFunction, AnalyzedModule, ModuleSource } from "../lanes/lane.ts";
import { type PreparedVersion, prepareVersion } from "../modules/prepare_version.ts";

/** What pushed code did wrong; `code` is the push's (R §4.4). */
export class AnalysisError extends Error {
  override readonly name = "AnalysisError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface SourcePosition {
  readonly path: string;
  /** 1-based, as `column` is. */
  readonly line: number;
  readonly column: number;
}

export interface AnalyzedRoute {
  readonly path: string;
  readonly method: string;
  readonly position: SourcePosition | null;
}

/** A module's functions, and what `http.ts` and `crons.ts` export besides. */
export interface ModuleAnalysis extends AnalyzedModule {
  readonly routes: readonly AnalyzedRoute[] | null;
  /** JSON text of what the crons' `export()` gave. */
  readonly crons: string | null;
  /** `experimental_reuseContext` is exported and true (R §2.1). */
  readonly reuseContext: boolean;
}

/** What modules see of the world while they are evaluated (R §2.1). */
export interface AnalysisPhase {
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly importClock: number;
  readonly importSeed: string;
}

const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]);

/** Evaluates every module of a push and reads what it exports. Throws {@link AnalysisError}. */
export async function analyzeModules(
  modules: readonly ModuleSource[],
  phase: AnalysisPhase,
  limits: IsolateLimits = DEFAULT_ISOLATE_LIMITS,
): Promise<ModuleAnalysis[]> {
  const evaluation = await openEvaluation(modules, phase, limits);
  try {
    return modules
      .filter(({ path }) => !path.startsWith("_deps/"))
      .map((module) => analysisOf(module, evaluation.inspect(module.path), evaluation.positionOf));
  } finally {
    evaluation.close();
  }
}

/** What a `schema.js` bundle exports: JSON text (R §3.1). No environment, no clock, no chance. */
export async function evaluateSchema(
  bundle: ModuleSource,
  limits: IsolateLimits = DEFAULT_ISOLATE_LIMITS,
): Promise<string> {
  const inspected = await evaluateAlone(
    bundle,
    {
      file: "schema.ts",
      clockAllowed: true,
      variables: null,
      refuseEnvironment: () =>
        new AnalysisError(
          "NoEnvironmentVariablesInSchema",
          "Environment variables cannot be read in schema.ts: the schema may not depend on them.",
        ),
    },
    limits,
  );
  if (!inspected.names.includes("default")) {
    throw new AnalysisError(
      "InvalidSchema",
      "schema.ts has no default export. Export the schema: `export default defineSchema({…})`.",
    );
  }
  if (inspected.exported === null) {
    throw new AnalysisError(
      "InvalidSchema",
      "The default export of schema.ts is no schema. Make it with `defineSchema({…})`.",
    );
  }
  return inspected.exported;
}

/** The default export of an `auth.config.js` bundle, as JSON text (R §4.4). */
export async function evaluateAuthConfig(
  bundle: ModuleSource,
  environment: Readonly<Record<string, string>>,
  limits: IsolateLimits = DEFAULT_ISOLATE_LIMITS,
): Promise<string> {
  const inspected = await evaluateAlone(
    bundle,
    {
      file: "auth.config.ts",
      clockAllowed: false,
      variables: environment,
      refuseEnvironment: (name) =>
        new AnalysisError(
          "AuthConfigMissingEnvironmentVariable",
          `Environment variable ${name} is used in auth config file but its value was not set. Set it with \`npx convex env set ${name} …\`.`,
        ),
    },
    limits,
  );
  if (!inspected.names.includes("default") || inspected.plain === null) {
    throw new AnalysisError(
      "AuthConfigMissingExportError",
      "auth.config.ts has no default export. Export `{ providers: […] }`.",
    );
  }
  return inspected.plain;
}

/** What the definition in a `convex.config.js` bundle exports: JSON text. */
export async function evaluateAppDefinition(
  bundle: ModuleSource,
  environment: Readonly<Record<string, string>> = {},
  limits: IsolateLimits = DEFAULT_ISOLATE_LIMITS,
): Promise<string> {
  const rules = {
    file: "convex.config.ts",
    clockAllowed: true,
    variables: environment,
    refuseEnvironment: null,
  };
  const inspected = await evaluateAlone(bundle, rules, limits);
  if (inspected.exported === null) {
    throw new AnalysisError(
      "InvalidDefinition",
      "The default export of convex.config.ts is no app. Make it with `defineApp()`.",
    );
  }
  return inspected.exported;
}

async function evaluateAlone(
  bundle: ModuleSource,
  rules: {
    /** As the developer knows the file. */
    file: string;
    clockAllowed: boolean;
    variables: Readonly<Record<string, string>> | null;
    refuseEnvironment: ((name: string) => AnalysisError) | null;
  },
  limits: IsolateLimits,
): Promise<InspectedModule> {
  const variables = rules.variables ?? {};
  if (rules.refuseEnvironment !== null) {
    for (const [, name] of withoutComments(bundle.source).matchAll(
      /\bprocess\.env\.([A-Za-z_][A-Za-z0-9_]*)/g,
    )) {
      if (variables[name!] === undefined) throw rules.refuseEnvironment(name!);
    }
  }
  const evaluation = await openEvaluation([bundle], { variables, importClock: 0, importSeed: "" }, limits);
  try {
    return evaluation.inspect(bundle.path, rules);
  } catch (error) {
    // The bundle came alone: whatever it still imports is not part of it.
    const missing = /Could not resolve "([^"]*)"/.exec(error instanceof Error ? error.message : "")?.[1];
    if (missing === undefined) throw error;
    throw new AnalysisError(
      "InvalidModules",
      `${rules.file} imports "${missing}", but it is evaluated alone: nothing that other modules import too can be in it. Move what it needs into ${rules.file} itself.`,
    );
  } finally {
    evaluation.close();
  }
}

/** The source with blanks in the place of comments: guides name variables there that the code does not read. */
function withoutComments(source: string): string {
  const comments: Comment[] = [];
  try {
    parse(source, { ecmaVersion: "latest", sourceType: "module", onComment: comments });
  } catch {
    // What cannot be parsed cannot be evaluated either, which says so better.
    return source;
  }
  let code = "";
  let at = 0;
  for (const { start, end } of comments) {
    code += `${source.slice(at, start)} `;
    at = end;
  }
  return code + source.slice(at);
}

interface Evaluation {
  /** `config` when the module is a configuration file, with rules of its own. */
  inspect(path: string, config?: { readonly file: string; readonly clockAllowed: boolean }): InspectedModule;
  positionOf(path: string, handler: string | null): SourcePosition | null;
  close(): void;
}

async function openEvaluation(
  modules: readonly ModuleSource[],
  phase: AnalysisPhase,
  limits: IsolateLimits,
): Promise<Evaluation> {
  const { importClock, importSeed } = phase;
  const version = await prepareVersion({ id: "analysis", modules, analysis: [], importClock, importSeed });
  const maps = sourceMapsOf(version.maps);
  const sandbox = new Sandbox(
    await realmSnapshot(),
    { ...limits, hardHeap: limits.hardHeap * 2 },
    hostOf(maps),
  );
  const variables = JSON.stringify(phase.variables);
  return {
    inspect(path, config) {
      const realm = sandbox.takeFresh();
      realm.setEnvironment(variables);
      realm.prepare(version, path, sandbox.scripts);
      const answer = inspectIn(sandbox, limits, path, () =>
        realm.inspect.applySync(
          undefined,
          [version.id, path, config?.file ?? "", config?.clockAllowed ?? true],
          { timeout: limits.analysisTime },
        ),
      );
      realm.release();
      if (answer.charCodeAt(0) !== 43) {
        const { message } = uncaughtResult(answer.slice(1), maps);
        throw new AnalysisError("InvalidModules", `Failed to analyze ${path}: ${message}`);
      }
      return JSON.parse(answer.slice(1)) as InspectedModule;
    },
    positionOf: positions(version),
    close: () => sandbox.dispose(),
  };
}

function inspectIn(sandbox: Sandbox, limits: IsolateLimits, path: string, inspect: () => unknown): string {
  try {
    return inspect() as string;
  } catch (error) {
    const { message } = error as Error;
    const told = sandbox.isDisposed
      ? outOfMemoryText(limits)
      : message === "Script execution timed out."
        ? `Loading the module took too long (maximum duration: ${limits.analysisTime / 1000}s)`
        : `Uncaught ${(error as Error).name}: ${message}`;
    throw new AnalysisError("InvalidModules", `Failed to analyze ${path}: ${told}`);
  }
}

function hostOf(maps: SourceMaps): RealmHost {
  const refused = (what: string) => `!${JSON.stringify({ message: `Can't use ${what} at import time` })}`;
  return {
    sync: () => refused("database"),
    async: () => refused("database"),
    done: () => undefined,
    seed: () => "0".repeat(32),
    call: hostCall({
      log: () => undefined,
      mapStack: (payload) => mapStack(payload, maps),
      random: (length) => new Uint8Array(length),
    }),
  };
}

/** Finds where a handler's text stands in its module's factory, and from there in the user's source. */
function positions(version: PreparedVersion): Evaluation["positionOf"] {
  const traced = new Map<string, TraceMap | null>();
  return (path, handler) => {
    if (handler === null) return null;
    const factory = version.modules.find((module) => module.path === path)?.factory;
    const at = factory?.indexOf(handler) ?? -1;
    // In another module (a shared chunk) it has no place here (R §4.4).
    if (factory === undefined || at === -1) return null;
    let map = traced.get(path);
    if (map === undefined) {
      const text = version.maps.find((module) => module.path === path)?.sourceMap;
      map = text === undefined ? null : new TraceMap(text);
      traced.set(path, map);
    }
    if (map === null) return null;
    const before = factory.slice(0, at);
    const line = before.split("\n").length;
    const found = originalPositionFor(map, { line, column: at - (before.lastIndexOf("\n") + 1) });
    if (found.source === null) return null;
    return { path: found.source, line: found.line, column: found.column + 1 };
  };
}

function analysisOf(
  module: ModuleSource,
  inspected: InspectedModule,
  positionOf: Evaluation["positionOf"],
): ModuleAnalysis {
  const functions: AnalyzedFunction[] = [];
  for (const one of inspected.functions) {
    if (one.kind === "http") continue;
    if (!FUNCTION_NAME.test(one.name)) {
      throw new AnalysisError(
        "InvalidFunctionName",
        `"${one.name}" in ${module.path} cannot be the name of a function.`,
      );
    }
    functions.push({
      name: one.name,
      kind: one.kind!,
      visibility: one.visibility === "internal" ? "internal" : "public",
      args: validatorOf(one.args, module.path, one.name) ?? { type: "any" },
      returns: validatorOf(one.returns, module.path, one.name),
      position: positionOf(module.path, one.handler),
    });
  }
  const routes = inspected.routes?.map(({ path, method, handler }) => {
    if (!METHODS.has(method)) {
      throw new AnalysisError(
        "InvalidModules",
        `The route ${path} in ${module.path} has the unknown method ${method}.`,
      );
    }
    return { path, method, position: positionOf(module.path, handler) };
  });
  return {
    path: module.path,
    functions,
    routes: routes ?? null,
    crons: inspected.crons,
    reuseContext: inspected.reuseContext,
  };
}

function validatorOf(json: string, path: string, name: string): ValidatorJSON | null {
  const parsed = JSON.parse(json) as JSONValue;
  if (parsed === null) return null;
  try {
    return parseValidatorJson(parsed);
  } catch (error) {
    throw new AnalysisError(
      "InvalidModules",
      `A validator of ${path}:${name} is invalid: ${(error as Error).message}`,
    );
  }
}

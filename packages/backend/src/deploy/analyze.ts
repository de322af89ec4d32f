import type { EngineSnapshot } from "@tandem/engine";
import {
  type AnalyzedModule,
  ApiError,
  type AuthInfo,
  isApiError,
  type ModuleConfig,
  type SchemaJson,
  type StartPushRequest,
} from "@tandem/protocol";
import type { ModuleSource } from "@tandem/runtime";
import { identifierFault } from "@tandem/values";
import { z } from "zod";
import { EMPTY_APP, parseAppDefinition } from "./app_definition.ts";
import { parseAuthConfig } from "./auth_config.ts";
import type { EvaluatedModule, Evaluation, ImportPhase } from "./evaluation.ts";
import { refuseMissingFeatures } from "./missing_features.ts";
import { findModule, type ModuleContent, type ModuleEntry, moduleHash } from "./module_store.ts";
import { checkModulePaths, checkSupported } from "./push_request.ts";
import { type DeclaredSchema, declareSchema } from "./schema/declared_schema.ts";
import type { StoredVersion } from "./stored_version.ts";

/** A push made ready: nothing of it is stored yet. */
export interface AnalyzedPush {
  readonly version: StoredVersion;
  readonly schema: DeclaredSchema | null;
  /** Content that came with the push, by hash. */
  readonly contents: ReadonlyMap<string, ModuleContent>;
}

export interface AnalyzeOptions {
  readonly request: StartPushRequest;
  readonly evaluation: Evaluation;
  /** Where modules are found that the request names by their hash only. */
  readonly stored: EngineSnapshot;
  readonly id: string;
  readonly phase: ImportPhase;
}

const AUTH_CONFIG = "auth.config.js";

/**
 * Evaluates everything that a push brings, beside the running version (R §4.4). What is wrong with the developer's
 * code rejects with an `ApiError` whose text begins with "Hit an error while pushing:".
 */
export async function analyzePush(options: AnalyzeOptions): Promise<AnalyzedPush> {
  try {
    return await analyze(options);
  } catch (error) {
    if (!isApiError(error)) throw error;
    throw new ApiError(error.kind, error.code, `Hit an error while pushing:\n${error.message}`, {
      cause: error,
    });
  }
}

async function analyze({ request, evaluation, stored, id, phase }: AnalyzeOptions): Promise<AnalyzedPush> {
  checkSupported(request);
  const { appDefinition } = request;
  checkModulePaths([...appDefinition.changedModules, ...appDefinition.unchangedModuleHashes]);
  const contents = new Map<string, ModuleContent>();
  const all: { entry: ModuleEntry; source: ModuleSource }[] = [];
  for (const module of appDefinition.changedModules) {
    const entry = { path: module.path, sha256: moduleHash(module) };
    const source = sourceOf(module);
    contents.set(entry.sha256, contentOf(source));
    all.push({ entry, source });
  }
  for (const { path, sha256 } of appDefinition.unchangedModuleHashes) {
    const content = contents.get(sha256) ?? (await findModule(stored, sha256));
    if (content === null) {
      throw new ApiError(
        "BadRequest",
        "ModuleNotFound",
        `The push says that "${path}" is unchanged, but no module with the hash ${sha256} is on this deployment: push it again.`,
      );
    }
    // Kept with the push: the version that holds it now may be gone before this one is stored.
    contents.set(sha256, content);
    all.push({ entry: { path, sha256 }, source: { path, ...content } });
  }
  all.sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
  const auth = all.find(({ entry }) => entry.path === AUTH_CONFIG);
  const modules = all.filter((module) => module !== auth);

  const evaluated = await evaluation.modules(
    modules.map(({ source }) => source),
    phase,
  );
  refuseMissingFeatures(evaluated);
  const providers = auth === undefined ? [] : await evaluateProviders(evaluation, auth.source, phase);
  const schema =
    appDefinition.schema === null ? null : await evaluateSchema(evaluation, appDefinition.schema);
  const definition =
    appDefinition.definition === null
      ? EMPTY_APP
      : parseAppDefinition(await evaluation.appDefinition(sourceOf(appDefinition.definition), phase));

  const version: StoredVersion = {
    id,
    pushedAt: phase.importClock,
    udfServerVersion: appDefinition.udfServerVersion,
    modules: modules.map(({ entry }) => entry),
    authConfig: auth?.entry ?? null,
    providers,
    schema: schema?.json ?? null,
    definition,
    analysis: Object.fromEntries(evaluated.map((module) => [module.path, forTools(module)])),
    functions: evaluated.map(({ path, functions }) => ({ path, functions })),
    importClock: phase.importClock,
    importSeed: phase.importSeed,
  };
  return { version, schema, contents };
}

/** The providers of an `auth.config.js`, under given variables. */
export async function evaluateProviders(
  evaluation: Evaluation,
  module: ModuleSource,
  phase: ImportPhase,
): Promise<AuthInfo[]> {
  return parseAuthConfig(await evaluation.authConfig(module, phase));
}

const index = z.object({ indexDescriptor: z.string(), fields: z.array(z.string()) });
const searchIndex = z.object({
  indexDescriptor: z.string(),
  searchField: z.string(),
  filterFields: z.array(z.string()),
});
const vectorIndex = z.object({
  indexDescriptor: z.string(),
  vectorField: z.string(),
  dimensions: z.number(),
  filterFields: z.array(z.string()),
});
const schemaShape = z.object({
  tables: z.array(
    z.object({
      tableName: z.string(),
      indexes: z.array(index),
      stagedDbIndexes: z.array(index).optional(),
      searchIndexes: z.array(searchIndex).nullish(),
      stagedSearchIndexes: z.array(searchIndex).optional(),
      vectorIndexes: z.array(vectorIndex).nullish(),
      stagedVectorIndexes: z.array(vectorIndex).optional(),
      documentType: z.unknown().optional(),
      stagedDocumentType: z.unknown().optional(),
    }),
  ),
  schemaValidation: z.boolean().default(true),
});

async function evaluateSchema(evaluation: Evaluation, module: ModuleConfig): Promise<DeclaredSchema> {
  const parsed = schemaShape.safeParse(await evaluation.schema(sourceOf(module)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError(
      "BadRequest",
      "InvalidSchema",
      `Invalid schema: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "the default export must be defineSchema(…)"}.`,
    );
  }
  return declareSchema(parsed.data as SchemaJson);
}

/** A module's analysis in the form that codegen reads (R §4.4, §5.3). */
function forTools({ path, functions, httpRoutes, cronSpecs }: EvaluatedModule): AnalyzedModule {
  return {
    functions: functions.map(({ name, kind, visibility, args, returns, position }) => {
      const fault = identifierFault(name);
      if (fault !== null) {
        throw new ApiError(
          "BadRequest",
          "InvalidFunctionName",
          `${path} exports a function with an invalid name: ${fault}`,
        );
      }
      return {
        name,
        pos:
          position === null
            ? null
            : { path: position.path, start_lineno: position.line, start_col: position.column },
        udfType: UDF_TYPES[kind],
        visibility: { kind: visibility },
        args: JSON.stringify(args),
        returns: JSON.stringify(returns),
      };
    }),
    httpRoutes: httpRoutes === null ? null : [...httpRoutes],
    cronSpecs: cronSpecs === null ? null : [...cronSpecs],
    sourceMapped: null,
  };
}

const UDF_TYPES = { query: "Query", mutation: "Mutation", action: "Action" } as const;

function sourceOf({ path, source, sourceMap }: ModuleConfig): ModuleSource {
  return { path, source, ...(sourceMap === undefined || sourceMap === null ? {} : { sourceMap }) };
}

function contentOf({ source, sourceMap }: ModuleSource): ModuleContent {
  return { source, ...(sourceMap === undefined ? {} : { sourceMap }) };
}

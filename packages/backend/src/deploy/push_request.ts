import { ApiError, type ModuleConfig, type StartPushRequest } from "@tandem/protocol";
import { z } from "zod";

const moduleConfig = z.object({
  path: z.string(),
  source: z.string(),
  sourceMap: z.string().nullish(),
  environment: z.enum(["isolate", "node"]).default("isolate"),
});

const moduleHashConfig = z.object({
  path: z.string(),
  environment: z.enum(["isolate", "node"]),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hex digits"),
});

const appDefinition = z
  .object({
    definition: moduleConfig.nullable(),
    dependencies: z.array(z.string()),
    schema: moduleConfig.nullable(),
    changedModules: z.array(moduleConfig).optional(),
    /** What old versions of the CLI call `changedModules`. */
    functions: z.array(moduleConfig).optional(),
    unchangedModuleHashes: z.array(moduleHashConfig).default([]),
    udfServerVersion: z.string(),
  })
  .transform(({ functions, changedModules, ...rest }) => ({
    ...rest,
    changedModules: changedModules ?? functions ?? [],
  }));

const componentDefinition = z.object({
  definitionPath: z.string(),
  definition: moduleConfig,
  dependencies: z.array(z.string()),
  schema: moduleConfig.nullable(),
  functions: z.array(moduleConfig),
  udfServerVersion: z.string(),
});

/** Body of start_push, evaluate_push and evaluate_schema (R §4.4). */
export const startPushRequest: z.ZodType<StartPushRequest> = z.object({
  adminKey: z.string(),
  dryRun: z.boolean(),
  forCodegen: z.boolean().optional(),
  functions: z.string(),
  appDefinition,
  componentDefinitions: z.array(componentDefinition).default([]),
  nodeDependencies: z.array(z.object({ name: z.string(), version: z.string() })).default([]),
  nodeVersion: z.string().nullish(),
});

/** Refuses what this server cannot run yet, by name, instead of leaving it out silently. */
export function checkSupported(request: StartPushRequest): void {
  const [component] = request.componentDefinitions;
  const [dependency] = request.appDefinition.dependencies;
  if (component !== undefined || dependency !== undefined) {
    throw new ApiError(
      "BadRequest",
      "ComponentsNotSupported",
      `This server has no components yet, but the app uses "${component?.definitionPath ?? dependency}": remove its app.use(…) from convex.config.ts.`,
    );
  }
  const modules = [...request.appDefinition.changedModules, ...request.appDefinition.unchangedModuleHashes];
  const node = modules.find((module) => module.environment === "node" && !module.path.startsWith("_deps/"));
  if (node !== undefined) {
    throw new ApiError(
      "BadRequest",
      "NodeActionsNotSupported",
      `This server runs no Node.js actions yet, but "${node.path}" begins with "use node": remove the directive, so that it runs in the default runtime, or remove the module.`,
    );
  }
}

/** Refuses paths that no module can have (R §5.1). */
export function checkModulePaths(modules: readonly Pick<ModuleConfig, "path">[]): void {
  const seen = new Set<string>();
  for (const { path } of modules) {
    const parts = path.split("/");
    const fault = !path.endsWith(".js")
      ? "it does not end with .js"
      : parts.some((part) => !/^[A-Za-z0-9_.]+$/.test(part) || !/[A-Za-z0-9]/.test(part))
        ? "each part of it may only have letters, digits, underscores and periods, and needs a letter or digit"
        : seen.has(path)
          ? "it comes twice"
          : null;
    if (fault !== null) {
      throw new ApiError(
        "BadRequest",
        "BadConvexModuleIdentifier",
        `"${path}" is not a valid path of a module: ${fault}.`,
      );
    }
    seen.add(path);
  }
}

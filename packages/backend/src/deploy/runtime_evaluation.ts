import { ApiError } from "@tandem/protocol";
import {
  AnalysisError,
  analyzeModules,
  evaluateAppDefinition,
  evaluateAuthConfig,
  evaluateSchema,
  UnsupportedModuleError,
} from "@tandem/runtime";
import { parseCrons } from "./cron_specs.ts";
import type { EvaluatedModule, Evaluation } from "./evaluation.ts";

/** Runs pushed code in isolates of its own, beside the lanes. */
export const runtimeEvaluation: Evaluation = {
  async modules(modules, phase) {
    const analyzed = await blamePush(analyzeModules(modules, phase));
    return analyzed.map(
      ({ path, functions, routes, crons }): EvaluatedModule => ({
        path,
        functions,
        httpRoutes:
          routes?.map(({ path: route, method, position }) => ({
            route: { path: route, method },
            pos:
              position === null
                ? null
                : { path: position.path, start_lineno: position.line, start_col: position.column },
          })) ?? null,
        cronSpecs: crons === null ? null : parseCrons(crons),
      }),
    );
  },
  schema: async (module) => JSON.parse(await blamePush(evaluateSchema(module))) as unknown,
  authConfig: async (module, { variables }) =>
    JSON.parse(await blamePush(evaluateAuthConfig(module, variables))) as unknown,
  appDefinition: async (module, { variables }) =>
    JSON.parse(await blamePush(evaluateAppDefinition(module, variables))) as unknown,
};

/** What the developer's code does wrong is answered with its text and code; all else is the server's own fault. */
async function blamePush<T>(evaluated: Promise<T>): Promise<T> {
  try {
    return await evaluated;
  } catch (error) {
    if (error instanceof AnalysisError)
      throw new ApiError("BadRequest", error.code, error.message, { cause: error });
    if (error instanceof UnsupportedModuleError) {
      throw new ApiError("BadRequest", "InvalidModules", error.message, { cause: error });
    }
    throw error;
  }
}

export { type ActionLimits, DEFAULT_ACTION_LIMITS } from "./actions/index.ts";
export {
  AnalysisError,
  type AnalysisPhase,
  type AnalyzedRoute,
  analyzeModules,
  evaluateAppDefinition,
  evaluateAuthConfig,
  evaluateSchema,
  type ModuleAnalysis,
  type SourcePosition,
} from "./functions/analyze.ts";
export { canonicalFunctionPath, displayFunctionPath, splitFunctionPath } from "./functions/function_path.ts";
export { formatLogLine, structuredLogLine } from "./isolate/console/index.ts";
export { buildExecutionScript } from "./isolate/execution_script.ts";
export { DEFAULT_ISOLATE_LIMITS, type IsolateLimits } from "./isolate/limits.ts";
export * from "./lanes/lane.ts";
export { type LaneStore, type LanesParts, openLanes } from "./lanes/lanes.ts";
export {
  type DatabaseParts,
  type FunctionSettings,
  laneSettings,
  openDatabase,
} from "./lanes/open_database.ts";
export { UnsupportedModuleError } from "./modules/prepare_version.ts";

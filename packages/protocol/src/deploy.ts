import type { JSONValue, ValidatorJSON } from "@tandem/values";

/** Where a module runs. */
export type ModuleEnvironment = "isolate" | "node";

/** Path of a component's definition relative to the app's folder; "" is the app (R §4.4). */
export type ComponentDefinitionPath = string;
/** Path of a component in the tree: `parent/child`; "" is the app. */
export type ComponentPath = string;

// --- requests ---

/** A module with its source (R §4.4). */
export interface ModuleConfig {
  path: string;
  source: string;
  sourceMap?: string | null | undefined;
  environment: ModuleEnvironment;
}

/** A module the server has already. */
export interface ModuleHashConfig {
  path: string;
  environment: ModuleEnvironment;
  /** SHA-256 of the source and then the source map, in hex (R §4.3). */
  sha256: string;
}

export interface NodeDependency {
  name: string;
  version: string;
}

export interface AppDefinitionConfig {
  definition: ModuleConfig | null;
  dependencies: ComponentDefinitionPath[];
  schema: ModuleConfig | null;
  changedModules: ModuleConfig[];
  unchangedModuleHashes: ModuleHashConfig[];
  udfServerVersion: string;
}

export interface ComponentDefinitionConfig {
  definitionPath: ComponentDefinitionPath;
  definition: ModuleConfig;
  dependencies: ComponentDefinitionPath[];
  schema: ModuleConfig | null;
  functions: ModuleConfig[];
  udfServerVersion: string;
}

/** Body of `deploy2/start_push`, `evaluate_push` and `evaluate_schema` (R §4.4). */
export interface StartPushRequest {
  adminKey: string;
  dryRun: boolean;
  forCodegen?: boolean | undefined;
  functions: string;
  appDefinition: AppDefinitionConfig;
  componentDefinitions: ComponentDefinitionConfig[];
  nodeDependencies: NodeDependency[];
  nodeVersion?: string | null | undefined;
}

/** Body of `deploy2/wait_for_schema` (R §4.6). */
export interface WaitForSchemaRequest {
  adminKey: string;
  schemaChange: SchemaChange;
  timeoutMs?: number | undefined;
  dryRun?: boolean | undefined;
}

/** Body of `deploy2/finish_push`: the whole answer of start_push comes back (R §4.7). */
export interface FinishPushRequest {
  adminKey: string;
  startPush: StartPushResponse;
  dryRun: boolean;
  message?: string | null | undefined;
}

/** Body of `deploy2/report_push_completed`. */
export interface ReportPushCompletedRequest {
  adminKey: string;
  spans: JSONValue[];
}

/** Body of `get_config_hashes` (R §4.3). */
export interface GetConfigHashesRequest {
  version?: string | undefined;
  adminKey: string;
}

/** Answer of `get_config_hashes` (R §4.3). */
export interface GetConfigHashesResponse {
  config: { functions: string; authInfo?: AuthInfo[]; nodeVersion?: string };
  moduleHashes: { path: string; hash: string; environment: ModuleEnvironment }[];
  udfServerVersion: string | null;
  nodeVersion: string | null;
}

/** Answer of `get_config` (R §4.3). */
export interface GetConfigResponse {
  config: { functions: string; authInfo?: AuthInfo[] };
  modules: ModuleConfig[];
  udfServerVersion: string | null;
}

/** Answer of `/api/v1/get_canonical_urls` (R §4.2). */
export interface CanonicalUrlsResponse {
  convexCloudUrl: string;
  convexSiteUrl: string;
}

// --- analysis ---

export type Visibility = { kind: "public" } | { kind: "internal" };

/** Place in a source file. */
export interface SourcePosition {
  path: string;
  start_lineno: number;
  start_col: number;
}

/** A function of a module. `args` and `returns` are JSON text of validators (R §4.4). */
export interface AnalyzedFunction {
  name: string;
  pos: SourcePosition | null;
  udfType: "Query" | "Mutation" | "Action";
  visibility: Visibility | null;
  args: string | null;
  returns: string | null;
}

export interface HttpRoute {
  path: string;
  method: string;
}

export interface AnalyzedHttpRoute {
  route: HttpRoute;
  pos: SourcePosition | null;
}

/** When a cron job runs, in its analysed form; days of the week from 0 = Sunday (R §3.7). */
export type CronSchedule =
  | { type: "interval"; seconds: number }
  | { type: "hourly"; minuteUTC?: number }
  | { type: "daily"; hourUTC: number; minuteUTC?: number }
  | { type: "weekly"; dayOfWeek: number; hourUTC: number; minuteUTC?: number }
  | { type: "monthly"; day: number; hourUTC: number; minuteUTC?: number }
  | { type: "cron"; cronExpr: string };

export interface CronSpec {
  udfPath: string;
  /** The bytes of the JSON text of the arguments' array. */
  udfArgs: number[] | null;
  cronSchedule: CronSchedule;
}

export interface AnalyzedCron {
  identifier: string;
  spec: CronSpec;
}

/** What a module exports (R §4.4). */
export interface AnalyzedModule {
  functions: AnalyzedFunction[];
  httpRoutes: AnalyzedHttpRoute[] | null;
  cronSpecs: AnalyzedCron[] | null;
  sourceMapped: JSONValue;
  reuseContext?: true;
}

// --- schema (R §3.1) ---

export interface DatabaseIndexJson {
  indexDescriptor: string;
  fields: string[];
}

export interface SearchIndexJson {
  indexDescriptor: string;
  searchField: string;
  filterFields: string[];
}

export interface VectorIndexJson {
  indexDescriptor: string;
  vectorField: string;
  dimensions: number;
  filterFields: string[];
}

export interface TableJson {
  tableName: string;
  indexes: DatabaseIndexJson[];
  stagedDbIndexes?: DatabaseIndexJson[];
  searchIndexes?: SearchIndexJson[] | null;
  stagedSearchIndexes?: SearchIndexJson[];
  vectorIndexes?: VectorIndexJson[] | null;
  stagedVectorIndexes?: VectorIndexJson[];
  documentType?: ValidatorJSON;
  stagedDocumentType?: ValidatorJSON;
}

/** What `.export()` of a schema writes (R §3.1). */
export interface SchemaJson {
  tables: TableJson[];
  schemaValidation: boolean;
}

// --- components ---

/** `{type:"value"}` holds JSON text of a value, `{type:"envVar"}` a name in the parent (R §4.4). */
export type ComponentEnvBinding = { type: "value"; value: string } | { type: "envVar"; name: string };

/** Declares an environment variable; `value` is JSON text of a validator. */
export interface ComponentEnvDeclaration {
  type: "value";
  value: string;
  optional?: boolean;
}

export type ComponentDefinitionType =
  | { type: "app"; httpPrefix?: string }
  | { type: "childComponent"; name: string; args: [string, JSONValue][] };

export type ComponentExportsBranch = { type: "branch"; branch: [string, ComponentExports][] };
export type ComponentExports = ComponentExportsBranch | { type: "leaf"; leaf: string };

export interface ComponentInstantiation {
  name: string;
  path: ComponentDefinitionPath;
  args: [string, JSONValue][] | null;
  env?: [string, ComponentEnvBinding][] | null;
}

/** What `.export()` of an app or component definition says, with the path added (R §6). */
export interface ComponentDefinitionMetadata {
  path: ComponentDefinitionPath;
  definitionType: ComponentDefinitionType;
  childComponents: ComponentInstantiation[];
  httpMounts: { [prefix: string]: string };
  httpPrefix?: string | null;
  exports: ComponentExportsBranch;
  envVars?: [string, ComponentEnvDeclaration][] | null;
}

/** Settings under which a component's modules were analysed; seed and time as encoded values. */
export interface UdfConfig {
  serverVersion: string;
  /** `{"$bytes": …}` */
  importPhaseRngSeed: JSONValue;
  /** `{"$integer": …}` */
  importPhaseUnixTimestamp: JSONValue;
}

export interface EvaluatedComponentDefinition {
  definition: ComponentDefinitionMetadata;
  schema: SchemaJson | null;
  functions: { [modulePath: string]: AnalyzedModule };
  udfConfig: UdfConfig;
}

export type Resource =
  | { type: "value"; value: string }
  | { type: "function"; path: { component: ComponentPath; udfPath: string } };

export type CheckedExport =
  | { type: "branch"; children: { [name: string]: CheckedExport } }
  | { type: "leaf"; resource: Resource };

/** A component of the tree after its arguments and variables were checked (R §4.4). */
export interface CheckedComponent {
  definitionPath: ComponentDefinitionPath;
  componentPath: ComponentPath;
  httpPrefix?: string | null;
  args: { [name: string]: Resource };
  env?: { [name: string]: ComponentEnvBinding };
  childComponents: { [name: string]: CheckedComponent };
  httpRoutes: { httpModuleRoutes: HttpRoute[] | null; mounts: string[] };
  exports: { [name: string]: CheckedExport };
}

/** An identity provider as the deployment keeps it (R §4.4). */
export type AuthInfo =
  | { type?: undefined; applicationID: string; domain: string }
  | { type: "customJwt"; applicationID: string | null; issuer: string; jwks: string; algorithm: string };

// --- indexes ---

/** An index by its name `table.index` (R §4.4). */
export type IndexConfig = (
  | { name: string; type: "database"; fields: string[] }
  | { name: string; type: "search"; searchField: string; filterFields: string[] }
  | { name: string; type: "vector"; dimensions: number; vectorField: string; filterFields: string[] }
) & { staged?: boolean };

export interface IndexDiff {
  added_indexes: IndexConfig[];
  removed_indexes: IndexConfig[];
  enabled_indexes?: IndexConfig[];
  disabled_indexes?: IndexConfig[];
}

/** What a push is going to change in the schemas; travels to the client and back (R §4.4). */
export interface SchemaChange {
  allocatedComponentIds: { [componentPath: ComponentPath]: string };
  schemaIds: { [componentPath: ComponentPath]: string | null };
  indexDiffs?: { [componentPath: ComponentPath]: IndexDiff };
}

// --- answers ---

/** Answer of `deploy2/start_push`: the state of the push, which the client hands back (R §4.4). */
export interface StartPushResponse {
  environmentVariables: { [name: string]: string };
  externalDepsId: string | null;
  componentDefinitionPackages: { [definitionPath: ComponentDefinitionPath]: JSONValue };
  appAuth: AuthInfo[];
  analysis: { [definitionPath: ComponentDefinitionPath]: EvaluatedComponentDefinition };
  app: CheckedComponent;
  schemaChange: SchemaChange;
}

/** Answer of `deploy2/evaluate_push` (R §4.5). */
export interface EvaluatePushResponse {
  schemaChange: SchemaChange;
}

/** How a table's documents stand to its new validator (R §4.5). */
export type TableSchemaOutcome =
  | "notValidated"
  | "supersetOfEnforced"
  | "supersetOfStagedValidated"
  | "supersetOfShape"
  | "mustWalk";

export interface TableSchemaEvaluation {
  name: string;
  outcome: TableSchemaOutcome;
  numDocs: number;
  sizeBytes: number;
  staged?:
    | { state: "pending"; numDocsValidated: number; totalDocs: number }
    | { state: "valid" }
    | { state: "failed"; error: string };
  canSkipAfterStagedValidation?: boolean;
}

export type IndexEvaluation = IndexConfig & {
  change: "added" | "identical" | "enabled" | "disabled" | "dropped";
  needsBackfill: boolean;
  numDocs: number;
};

export interface ComponentSchemaEvaluation {
  definitionPath: ComponentDefinitionPath;
  schemaValidation: boolean;
  tables: TableSchemaEvaluation[];
  indexes: IndexEvaluation[];
  discardedStagedValidators?: string[];
}

/** Answer of `deploy2/evaluate_schema` (R §4.5). */
export interface EvaluateSchemaResponse {
  componentSchemaEvaluations: { [componentPath: ComponentPath]: ComponentSchemaEvaluation };
  newComponentDefinitions: ComponentDefinitionPath[];
}

export interface ComponentSchemaStatus {
  schemaValidationComplete: boolean;
  indexesComplete: number;
  indexesTotal: number;
}

/** Answer of `deploy2/wait_for_schema` (R §4.6). */
export type SchemaStatus =
  | { type: "inProgress"; components: { [componentPath: ComponentPath]: ComponentSchemaStatus } }
  | { type: "failed"; error: string; componentPath: ComponentPath; tableName: string | null }
  | { type: "raceDetected" }
  | { type: "complete" };

export interface ComponentDiff {
  diffType: { type: "create" } | { type: "modify" } | { type: "unmount" } | { type: "remount" };
  moduleDiff: { added: string[]; removed: string[] };
  udfConfigDiff: { previous_version: string; next_version: string } | null;
  cronDiff: { added: string[]; updated: string[]; deleted: string[] };
  indexDiff: IndexDiff;
  schemaDiff: { previous_schema: string | null; next_schema: string | null } | null;
}

/** Answer of `deploy2/finish_push` (R §4.7). */
export interface FinishPushDiff {
  authDiff: { added: string[]; removed: string[] };
  definitionDiffs: { [definitionPath: ComponentDefinitionPath]: { [key: string]: never } };
  componentDiffs: { [componentPath: ComponentPath]: ComponentDiff };
}

// --- environment variables (R §4.8) ---

/** Sets a variable, or deletes it when `value` is null. */
export interface EnvironmentVariableChange {
  name: string;
  value: string | null;
}

/** Body of `update_environment_variables`. */
export interface UpdateEnvironmentVariablesRequest {
  changes: EnvironmentVariableChange[];
}

/** Answer of `list_environment_variables`. */
export interface ListEnvironmentVariablesResponse {
  environmentVariables: { [name: string]: string };
}

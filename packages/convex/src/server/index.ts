// `convex/server`: what functions of the backend are written with, and the types that clients share with them.
export { anyApi, filterApi, getFunctionAddress, getFunctionName, makeFunctionReference } from "./api.ts";
export type { AnyApi, ApiFromModules, FilterApi, PartialApi } from "./api_types.ts";
export { type AuditLogBody, type AuditLogValue, log } from "./audit_log.ts";
export type {
  Auth,
  AuthConfig,
  AuthProvider,
  MutationAuth,
  ReservedJwtClaim,
  ReservedJwtClaimPrefix,
  SignJwtClaims,
  SignJwtOptions,
  UserIdentity,
  UserIdentityAttributes,
} from "./authentication.ts";
export type {
  ActionBuilder,
  ArgsArrayForOptionalValidator,
  DefaultArgsForOptionalValidator,
  HttpActionBuilder,
  MutationBuilder,
  MutationBuilderWithTable,
  QueryBuilder,
  QueryBuilderWithTable,
  ReturnValueForOptionalValidator,
  UnvalidatedFunction,
  ValidatedFunction,
} from "./builders.ts";
export {
  type AnyChildComponents,
  type AnyComponents,
  componentsGeneric,
  currentSystemUdfInComponent,
} from "./components/component_references.ts";
export {
  type AppDefinition,
  type ComponentDefinition,
  defineApp,
  defineComponent,
  type EnvFromAppDefinition,
} from "./components/definition.ts";
export type { EnvDefinition, EnvFromDefinition } from "./components/environment.ts";
export {
  createFunctionHandle,
  type FunctionHandle,
  type FunctionHandle_future,
} from "./components/function_handle.ts";
export type {
  AdvancedRunQueryOptions,
  GenericActionCtx,
  GenericMutationCtx,
  GenericMutationCtxWithTable,
  GenericQueryCtx,
  GenericQueryCtxWithTable,
} from "./contexts.ts";
export { type CronJob, type Crons, cronJobs } from "./cron.ts";
export type {
  AnyDataModel,
  DocumentByInfo,
  DocumentByName,
  FieldPaths,
  FieldTypeFromFieldPath,
  FieldTypeFromFieldPathInner,
  GenericDataModel,
  GenericDocument,
  GenericFieldPaths,
  GenericIndexFields,
  GenericSearchIndexConfig,
  GenericTableIndexes,
  GenericTableInfo,
  GenericTableSearchIndexes,
  GenericTableVectorIndexes,
  GenericVectorIndexConfig,
  Indexes,
  IndexNames,
  NamedIndex,
  NamedSearchIndex,
  NamedTableInfo,
  NamedVectorIndex,
  SearchIndexes,
  SearchIndexNames,
  TableNamesInDataModel,
  VectorIndexes,
  VectorIndexNames,
} from "./data_model.ts";
export type {
  BaseTableReader,
  BaseTableWriter,
  GenericDatabaseReader,
  GenericDatabaseReaderWithTable,
  GenericDatabaseWriter,
  GenericDatabaseWriterWithTable,
} from "./database.ts";
export type { Expression, ExpressionOrValue, FilterBuilder } from "./filter_builder.ts";
export type {
  ArgsAndOptions,
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  FunctionType,
  OptionalRestArgs,
  ValidatorTypeToReturnType,
} from "./function_reference.ts";
export type { IndexRange, IndexRangeBuilder } from "./index_range_builder.ts";
export type {
  ActionMeta,
  DeploymentMetadata,
  FunctionMetadata,
  MutationMeta,
  QueryMeta,
  RequestMetadata,
  TransactionLimits,
  TransactionMetric,
  TransactionMetrics,
} from "./meta.ts";
export {
  type Cursor,
  type PaginationOptions,
  type PaginationResult,
  paginationOptsValidator,
  paginationResultValidator,
} from "./pagination.ts";
export type { OrderedQuery, Query, QueryInitializer } from "./query.ts";
export type {
  ArgsArray,
  ArgsArrayToObject,
  DefaultFunctionArgs,
  FunctionVisibility,
  PublicHttpAction,
  RegisteredAction,
  RegisteredMutation,
  RegisteredQuery,
} from "./registered_function.ts";
export {
  actionGeneric,
  httpActionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  mutationGeneric,
  queryGeneric,
} from "./registration.ts";
export {
  HttpRouter,
  httpRouter,
  ROUTABLE_HTTP_METHODS,
  type RoutableMethod,
  type RouteSpec,
  type RouteSpecWithPath,
  type RouteSpecWithPathPrefix,
} from "./router.ts";
export type { SchedulableFunctionReference, Scheduler } from "./scheduler.ts";
export {
  type DefineSchemaOptions,
  defineSchema,
  docValidator,
  type SchemaDefinition,
} from "./schema.ts";
export type {
  DataModelFromSchemaDefinition,
  DocValidator,
  GenericSchema,
  SystemFieldValidators,
} from "./schema_types.ts";
export type { SearchFilter, SearchFilterBuilder, SearchFilterFinalizer } from "./search_filter_builder.ts";
export { getServiceToken, getServiceUrl, type ServiceName } from "./service.ts";
export type {
  FileMetadata,
  FileStorageId,
  StorageActionWriter,
  StorageId,
  StorageReader,
  StorageWriter,
} from "./storage.ts";
export type { SystemDataModel, SystemTableNames } from "./system_data_model.ts";
export type {
  IdField,
  IndexTiebreakerField,
  SystemFields,
  SystemIndexes,
  WithOptionalSystemFields,
  WithoutSystemFields,
} from "./system_fields.ts";
export {
  defineTable,
  type SearchIndexConfig,
  type TableDefinition,
  type VectorIndexConfig,
} from "./table_definition.ts";
export type { BetterOmit, Expand } from "./type_shapes.ts";
export type {
  FilterExpression,
  VectorFilterBuilder,
  VectorSearch,
  VectorSearchQuery,
} from "./vector_search.ts";

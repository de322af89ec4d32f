export { DatabaseHost, type FromDatabase, RemoteDatabase, type ToDatabase } from "./database_thread/index.ts";
export type {
  CommitOutcome,
  Engine,
  EngineSnapshot,
  FinishedTransaction,
  HostTransaction,
  LaneNews,
  LanePort,
  LaneTransaction,
  Subscription,
  TransactOptions,
} from "./engine.ts";
export {
  ConflictError,
  DatabaseError,
  type DatabaseErrorCode,
  EngineClosedError,
  InvariantError,
  OutOfRetentionError,
  StoreFailedError,
} from "./errors.ts";
export { IntervalMap } from "./indexes/interval_map.ts";
export { keyOfDocument, keyOfStored, keyTail, valueAtPath } from "./indexes/key_of_document.ts";
export type {
  Commit,
  DocumentWrite,
  IndexId,
  IndexWrite,
  PublishedCommit,
  StoredDocument,
  TableId,
  TouchedKey,
  WriteSet,
} from "./log/commit.ts";
export { DEFAULT_RETENTION, type RetentionConfig, SHORTEST_RETENTION, type Timers } from "./log/retention.ts";
export { andThen, type MaybePromise } from "./maybe_promise.ts";
export {
  type EngineParts,
  type EngineSettings,
  openEngine,
  openEngineOver,
  REMEMBERED,
} from "./open_engine.ts";
export * from "./persistence/index.ts";
export { Seal } from "./secrets/seal.ts";
export type { Catalog, IndexInfo, IndexState, Namespace, TableInfo, TableSchema } from "./tables/catalog.ts";
export type { CatalogEditor, IndexDefinition } from "./tables/catalog_editor.ts";
export { CatalogCache, CatalogImage, EMPTY_CATALOG, loadCatalog } from "./tables/catalog_image.ts";
export type { PendingSchema, PendingSchemaState, SchemaDefinition } from "./tables/catalog_rows.ts";
export { existingDocumentFault } from "./tables/schema.ts";
export { isCatalogTable, PLAIN_TABLES, type PlainTableName, plainTableId } from "./tables/system_tables.ts";
export { BEGINNING, fromWireNanoseconds, type Timestamp, toWireNanoseconds } from "./timestamp.ts";
export type { DatabaseReader, DatabaseWriter, DocumentFields, PlainRows } from "./transaction/database.ts";
export { type LaneTransactionOptions, LaneView } from "./transaction/lane_view.ts";
export {
  DEFAULT_LIMITS,
  type LimitName,
  nearLimits,
  SYSTEM_LIMITS,
  type TransactionLimits,
  UsageMeter,
} from "./transaction/limits.ts";
export type { ReadRange } from "./transaction/read_set_entry.ts";
export { snapshotTransaction } from "./transaction/snapshot_transaction.ts";
export {
  type Randomness,
  type Savepoint,
  Transaction,
  type TransactionOptions,
} from "./transaction/transaction.ts";

export { type Disk, MemoryMedium, openMemoryPersistence } from "./memory/index.ts";
export type {
  AppendResult,
  Discarded,
  IndexRow,
  KeyRange,
  Persistence,
  ScanOrder,
  ScanSource,
  SnapshotReader,
  Store,
} from "./persistence.ts";
export {
  type DataLock,
  lockPreparedSqlite,
  openPreparedSqlite,
  openSqlitePersistence,
  openSqliteReader,
  type SqliteOptions,
  type SqliteReader,
  type SqliteReaderOptions,
} from "./sqlite/index.ts";
export { StoreError, type StoreErrorCode } from "./store_error.ts";

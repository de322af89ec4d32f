export {
  type InlineSqlitePersistence,
  openSqlitePersistence,
  type SqliteOptions,
  type SynchronousAppend,
} from "./sqlite_persistence.ts";
export { openSqliteReader, type SqliteReader, type SqliteReaderOptions } from "./sqlite_reader.ts";

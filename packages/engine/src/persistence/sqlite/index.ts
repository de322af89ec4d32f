export type { DataLock } from "./data_lock.ts";
export { lockPreparedSqlite, openPreparedSqlite } from "./locked_file.ts";
export { openSqlitePersistence, type SqliteOptions } from "./sqlite_persistence.ts";
export { openSqliteReader, type SqliteReader, type SqliteReaderOptions } from "./sqlite_reader.ts";

export { openSqlitePersistence, type SqliteOptions } from "./sqlite_persistence.ts";
export { openSqliteReader, type SqliteReader, type SqliteReaderOptions } from "./sqlite_reader.ts";

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Persistence } from "../persistence.ts";
import { type DataLock, lockData } from "./data_lock.ts";
import { openPreparedFile } from "./sqlite_persistence.ts";
import { prepareStoreFile } from "./store_file.ts";

/**
 * Takes the sole right to the database at `path` and makes its file ready for connections in any thread of this
 * process. Throws a `StoreError` with the code `IN_USE`, `NEWER_FORMAT` or `NOT_A_STORE`, with nothing written.
 */
export function lockPreparedSqlite(path: string): DataLock {
  mkdirSync(dirname(path), { recursive: true });
  const lock = lockData(path);
  try {
    prepareStoreFile(path);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The store of a file that {@link lockPreparedSqlite} has made ready; its writes run in the calling thread. */
export function openPreparedSqlite(path: string): Persistence {
  return openPreparedFile({ path }, null);
}

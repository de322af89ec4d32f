import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../store_error.ts";
import { resultCode } from "./sqlite_failure.ts";

const SQLITE_BUSY = 5;

/** The sole right to write a database file. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the sole right to write the database at `path`, or throws `IN_USE`. The right is a lock that the
 * operating system holds for the process on a file beside the database, so it ends with the process, however
 * that ends; the file itself means nothing and may stay.
 */
export function lockData(path: string): DataLock {
  const database = new DatabaseSync(`${path}.lock`);
  try {
    // Nothing is ever written under this lock; a journal would only leave more files.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (resultCode(error) !== SQLITE_BUSY) throw error;
    throw new StoreError(
      "IN_USE",
      `The database ${path} is open in another Tandem process. Stop that one first, or give this one another data folder.`,
      { cause: error },
    );
  }
  return { release: () => database.close() };
}

import { StoreError } from "../store_error.ts";

// https://sqlite.org/rescode.html; the low byte of an extended code is its primary code.
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** Says in the operator's words what a failure of SQLite means. Other errors come back as they are. */
export function explainFailure(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === null) return error;
  const reason = (error as Error).message;
  const because = { cause: error };
  switch (code) {
    case SQLITE_FULL:
      return new StoreError(
        "DISK_FULL",
        `The disk that holds ${path} is full: nothing was written. Make space; writing then works again without a restart.`,
        because,
      );
    case SQLITE_BUSY:
      return new StoreError(
        "IN_USE",
        `Another process keeps ${path} locked (${reason}): nothing was written. Stop the other process.`,
        because,
      );
    case SQLITE_CORRUPT:
      return new StoreError(
        "DAMAGED",
        `${path} is damaged (${reason}). Stop Tandem, keep a copy of the file, and restore a backup.`,
        because,
      );
    case SQLITE_NOTADB:
      return new StoreError(
        "NOT_A_STORE",
        `${path} is no database. Choose another data folder, or move the file away.`,
        because,
      );
    case SQLITE_IOERR:
      return new StoreError(
        "FAILED",
        `The disk that holds ${path} failed (${reason}): the write was not confirmed. Check the disk, then restart.`,
        because,
      );
    default:
      return new StoreError("FAILED", `SQLite could not do its work on ${path}: ${reason}.`, because);
  }
}

/** The primary result code of an error of SQLite, `null` for any other error. */
export function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return error.errcode & 0xff;
}

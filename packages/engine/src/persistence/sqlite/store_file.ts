import { closeSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../store_error.ts";
import { explainFailure } from "./sqlite_failure.ts";

/** Grows with every change to the tables below; a program opens its own format only. */
const FORMAT = 2;

/** "TNDM": tells our files from other SQLite databases. */
const APPLICATION_ID = 0x544e444d;

/**
 * The newest version of everything lies in `documents` and `entries`, one row a key, so that a scan is one walk
 * however hot its keys are. What retention still owes to older snapshots lies in `undo`, in the order in which it was
 * overwritten: it is written at one end and pruned at the other, so that a commit dirties no random page but those
 * of the documents it writes. Every version knows the place of the one before it (`undo`), of the one before its
 * batch (`skip`), and of the one before its stretch of time (`far`), see `stored_versions.ts`. The triggers move a
 * version there when a later commit overwrites it: that finds the row once, where two statements would find it
 * twice. A `NULL` text is a removal, kept until it is pruned.
 *
 * Index keys are byte strings, each byte stored as the character of that number: UTF-8 orders them as bytes would.
 *
 * The body of a log row is what `log_body.ts` makes of a commit; `NULL` once pruned: the newest row always stays,
 * for it is the head. Its `undo` is the first place that later commits use.
 */
const TABLES = `
  CREATE TABLE documents (
    table_id INTEGER NOT NULL, id TEXT NOT NULL, ts INTEGER NOT NULL, size INTEGER NOT NULL, json TEXT,
    undo INTEGER, skip INTEGER, far INTEGER, PRIMARY KEY (table_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    index_id INTEGER NOT NULL, key TEXT NOT NULL, ts INTEGER NOT NULL, document_id TEXT,
    undo INTEGER, skip INTEGER, far INTEGER, PRIMARY KEY (index_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE undo (
    seq INTEGER PRIMARY KEY, ts INTEGER NOT NULL, size INTEGER NOT NULL, value TEXT,
    undo INTEGER, skip INTEGER, far INTEGER
  ) STRICT;
  CREATE TRIGGER keep_document AFTER UPDATE ON documents WHEN NEW.ts > OLD.ts BEGIN
    INSERT INTO undo VALUES (NEW.undo, OLD.ts, OLD.size, OLD.json, OLD.undo, OLD.skip, OLD.far);
  END;
  CREATE TRIGGER keep_entry AFTER UPDATE ON entries WHEN NEW.ts > OLD.ts AND NEW.undo IS NOT NULL BEGIN
    INSERT INTO undo VALUES (NEW.undo, OLD.ts, 0, OLD.document_id, OLD.undo, OLD.skip, OLD.far);
  END;

  CREATE TABLE log (
    ts INTEGER PRIMARY KEY, undo INTEGER NOT NULL, removes INTEGER NOT NULL, body TEXT
  ) STRICT;
  CREATE TABLE retention (log_start INTEGER NOT NULL, undo_start INTEGER NOT NULL) STRICT;
  INSERT INTO retention VALUES (0, 1);
`;

/**
 * Makes sure that there is a database of our format at `path`: creates it, or checks the one that is there.
 * Throws `NEWER_FORMAT`, `OLDER_FORMAT` or `NOT_A_STORE`, with nothing written, when it is not ours to open.
 */
export function prepareStoreFile(path: string): void {
  // A look at the first bytes comes before SQLite's, which may write beside the file when it opens it.
  const header = readHeader(path);
  if (header !== null) assertOurs(path, header);
  const database = new DatabaseSync(path);
  try {
    // Empty also when the program was killed while it created the file: SQLite has taken that back now.
    if (database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.tables === 0) {
      // In the rollback journal, so that the version stands in the file's own header from the first moment on.
      database.exec(
        `BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}; COMMIT;`,
      );
    }
    database.exec("PRAGMA journal_mode = WAL");
  } catch (error) {
    throw explainFailure(error, path);
  } finally {
    database.close();
  }
}

interface Header {
  readonly sqlite: boolean;
  readonly format: number;
  readonly applicationId: number;
}

/** The fields of https://sqlite.org/fileformat.html#the_database_header that are ours; `null` without a file. */
function readHeader(path: string): Header | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(100);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    if (length === 0) return null;
    return {
      sqlite: length === bytes.length && bytes.toString("latin1", 0, 16) === "SQLite format 3\0",
      format: bytes.readUInt32BE(60),
      applicationId: bytes.readUInt32BE(68),
    };
  } finally {
    closeSync(file);
  }
}

function assertOurs(path: string, header: Header): void {
  if (!header.sqlite || header.applicationId !== APPLICATION_ID) {
    throw new StoreError(
      "NOT_A_STORE",
      `${path} is no Tandem database, and was left as it is. Choose another data folder, or move the file away.`,
    );
  }
  if (header.format > FORMAT) {
    throw new StoreError(
      "NEWER_FORMAT",
      `${path} has the format ${header.format}, which is newer than the ${FORMAT} that this version of Tandem knows. It was left as it is. Start it with the newer version of Tandem.`,
    );
  }
  if (header.format < FORMAT) {
    throw new StoreError(
      "OLDER_FORMAT",
      `${path} has the format ${header.format}, which this version of Tandem no longer reads: it knows ${FORMAT}. It was left as it is. Start it with the version of Tandem that wrote it, or move the file away to begin anew.`,
    );
  }
}

/** Codes of errors that are the caller's: the same call on the same data fails the same way (R §2.5, §3.1–3.4). */
export type DatabaseErrorCode =
  | "ArrayTooLong"
  | "EmptyIndex"
  | "FieldsNotUniqueWithinIndex"
  | "IndexBackfillingError"
  | "IndexFieldNameReserved"
  | "IndexFieldsContainCreationTime"
  | "IndexFieldsContainId"
  | "IndexNamesNotUnique"
  | "IndexNotFoundError"
  | "IndexNotUnique"
  | "IndexStagedError"
  | "IndexTooManyFields"
  | "InvalidCreationTimeError"
  | "InvalidDocumentError"
  | "InvalidIdError"
  | "NonexistentDocument"
  | "ReadOnlyTransaction"
  | "SchemaEnforcementError"
  | "SnapshotInFuture"
  | "SystemTableError"
  | "TableExists"
  | "TableInSchema"
  | "TableNotFound"
  | "TooManyBytesRead"
  | "TooManyBytesWritten"
  | "TooManyDocumentsRead"
  | "TooManyFieldsError"
  | "TooManyIndexes"
  | "TooManyReads"
  | "TooManyTables"
  | "TooManyWrites"
  | "TooNestedError"
  | "UnknownPlainTable"
  | "ValueTooLargeError";

/** The caller asked for what the database does not do. `code` is the wire's. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;
  constructor(code: DatabaseErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The snapshot is older than what the store still holds: read at a newer one. */
export class OutOfRetentionError extends Error {
  override readonly name = "OutOfRetentionError";
  readonly code = "OutOfRetention";
}

/** The store could not write (a full disk, say): nothing of this transaction was kept; it may be tried again. */
export class StoreFailedError extends Error {
  override readonly name = "StoreFailedError";
  readonly code = "OperationalInternalServerError";
}

/** The engine is closed, or has stopped because an invariant broke. */
export class EngineClosedError extends Error {
  override readonly name = "EngineClosedError";
  readonly code = "BackendIsNotRunning";
}

/** A host transaction lost to others on every attempt (R §3.5). */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
  readonly code = "OptimisticConcurrencyControlFailure";
}

/** What must never be is: the process stops before it writes. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

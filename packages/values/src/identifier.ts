import { fieldNameFault } from "./field_name.ts";
import { MAX_IDENTIFIER_LENGTH } from "./value.ts";

/** Codes of a name that is not allowed (R §3.2). */
export type NameErrorCode =
  | "InvalidIdentifier"
  | "TableNameReserved"
  | "IndexNameReserved"
  | "InvalidFieldName"
  | "InvalidDocumentError"
  | "InvalidFieldPath";

/** A name breaks the rules; `code` is the one clients see. */
export class NameError extends Error {
  override readonly name = "NameError";
  readonly code: NameErrorCode;
  constructor(code: NameErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What is wrong with `name` as an identifier, or null (R §3.2): at most 64 characters of
 * `[A-Za-z_][A-Za-z0-9_]*`, not all underscores.
 */
export function identifierFault(name: string): string | null {
  if (name === "") return "it is empty.";
  if (name.length > MAX_IDENTIFIER_LENGTH) {
    return `"${name}" has ${name.length} characters; at most ${MAX_IDENTIFIER_LENGTH} are allowed.`;
  }
  if (!/^[A-Za-z_]/.test(name)) {
    return `"${name}" must start with a letter or an underscore.`;
  }
  const wrong = /[^A-Za-z0-9_]/u.exec(name);
  if (wrong !== null) {
    return `"${name}" has the character "${wrong[0]}"; only letters, digits and underscores are allowed.`;
  }
  if (/^_+$/.test(name)) return `"${name}" has nothing but underscores.`;
  return null;
}

/** Throws {@link NameError} `InvalidIdentifier` when `name` is no identifier; `what` names its role. */
export function checkIdentifier(name: string, what = "identifier"): void {
  const fault = identifierFault(name);
  if (fault !== null) throw new NameError("InvalidIdentifier", `Invalid ${what}: ${fault}`);
}

/** Whether a table is a system table, by its name. */
export function isSystemTableName(name: string): boolean {
  return name.startsWith("_");
}

/** Throws {@link NameError} when `name` is not allowed for a table of the app. */
export function checkTableName(name: string): void {
  checkIdentifier(name, "table name");
  if (isSystemTableName(name)) {
    throw new NameError(
      "TableNameReserved",
      `Table name "${name}" is reserved: names that start with an underscore belong to system tables.`,
    );
  }
}

/** Throws {@link NameError} when `name` is not allowed for an index that an app declares (R §3.2). */
export function checkIndexName(name: string): void {
  checkIdentifier(name, "index name");
  const reserved = name.startsWith("_") && !name.startsWith("_fivetran");
  if (reserved || name === "by_id" || name === "by_creation_time") {
    throw new NameError(
      "IndexNameReserved",
      `Index name "${name}" is reserved: by_id and by_creation_time exist on every table, and names that start with an underscore belong to the system.`,
    );
  }
}

/** Throws {@link NameError} when `name` is not allowed for a field of any object (P §4.2). */
export function checkFieldName(name: string): void {
  const fault = fieldNameFault(name);
  if (fault !== null) throw new NameError("InvalidFieldName", fault);
}

/**
 * Throws {@link NameError} when a document may not have a top-level field `name`: only `_id` and
 * `_creationTime` may start with an underscore (P §4.2).
 */
export function checkDocumentFieldName(name: string): void {
  checkFieldName(name);
  if (name.startsWith("_") && name !== "_id" && name !== "_creationTime") {
    throw new NameError(
      "InvalidDocumentError",
      `A document cannot have a field "${name}": names that start with an underscore are for system fields.`,
    );
  }
}

/** Splits a dotted path to a field. Throws {@link NameError} when a part is no identifier. */
export function parseFieldPath(path: string): string[] {
  const parts = path.split(".");
  for (const part of parts) {
    const fault = identifierFault(part);
    if (fault !== null) throw new NameError("InvalidFieldPath", `Invalid field path "${path}": ${fault}`);
  }
  return parts;
}

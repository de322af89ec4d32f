import { checkDocumentFieldName } from "@tandem/values";
import { DatabaseError } from "../errors.ts";
import type { DocumentFields } from "./database.ts";

/**
 * The document's own fields: those given, without the system's and without absent ones. `_id` and
 * `_creationTime` may be given when they are what the document has (`system`); a new one has none yet (R §3.2).
 */
export function ownFields(
  fields: DocumentFields,
  system: { readonly id: string; readonly creationTime: number } | null,
): DocumentFields {
  const names = Object.keys(fields);
  if (areOwn(names, fields)) return fields;
  const own: DocumentFields = {};
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const value = fields[name];
    if (value === undefined) continue;
    if (name.charCodeAt(0) !== 95) own[name] = value;
    else if (name === "_id" || name === "_creationTime") checkSystemField(name, fields, system);
    else checkDocumentFieldName(name);
  }
  return own;
}

/** Are there neither absent fields nor system fields among them? Then there is nothing to leave out. */
function areOwn(names: readonly string[], fields: DocumentFields): boolean {
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (name.charCodeAt(0) === 95 || fields[name] === undefined) return false;
  }
  return true;
}

function checkSystemField(
  name: "_id" | "_creationTime",
  fields: DocumentFields,
  system: { readonly id: string; readonly creationTime: number } | null,
): void {
  if (system === null) {
    throw new DatabaseError(
      "InvalidDocumentError",
      `A new document cannot have the field "${name}": the database gives it its value. Leave it out.`,
    );
  }
  if (name === "_id" && fields._id !== system.id) {
    throw new DatabaseError(
      "InvalidIdError",
      `The _id of a document never changes: got ${JSON.stringify(fields._id)} for the document "${system.id}". Leave _id out.`,
    );
  }
  if (name === "_creationTime" && fields._creationTime !== system.creationTime) {
    throw new DatabaseError(
      "InvalidCreationTimeError",
      `The _creationTime of a document never changes: got ${String(fields._creationTime)} for "${system.id}", which has ${system.creationTime}. Leave _creationTime out.`,
    );
  }
}

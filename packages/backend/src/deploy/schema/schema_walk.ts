import { type Engine, existingDocumentFault, type SchemaDefinition } from "@tandem/engine";
import { type JSONValue, jsonToConvex, type ValidatorJSON, type Value } from "@tandem/values";
import type { Seams } from "../../seams.ts";
import { isSuperset } from "./superset.ts";

/** Documents looked at in one turn of the event loop. */
const SLICE = 200;

/** Tables whose documents have to be looked at before `next` can be put in force in place of `active` (R §3.1). */
export function tablesToWalk(active: SchemaDefinition | null, next: SchemaDefinition): string[] {
  if (!next.enforced) return [];
  const enforced = new Map<string, ValidatorJSON>();
  if (active?.enforced === true) {
    for (const { table, documentType } of active.tables) {
      if (documentType !== null) enforced.set(table, documentType);
    }
  }
  return next.tables
    .filter(({ table, documentType }) => {
      if (documentType === null) return false;
      const before = enforced.get(table);
      return before === undefined || !isSuperset(documentType, before);
    })
    .map(({ table }) => table);
}

/**
 * Checks the documents that were there before the pending schema `id`, slice by slice, and records how it ended.
 * Documents written since are checked as they are written, so each slice is read at the newest snapshot. Stops
 * without a word when the pending schema is another one by then, or has failed.
 */
export async function walkExistingDocuments(
  engine: Engine,
  seams: Pick<Seams, "timers">,
  id: string,
  stopped: () => boolean,
): Promise<void> {
  const isCurrent = () => {
    const pending = engine.catalog.pendingSchema("");
    return !stopped() && pending?.id === id && pending.state.kind === "pending";
  };
  const pending = engine.catalog.pendingSchema("");
  if (pending === null) return;
  for (const table of tablesToWalk(engine.catalog.schema(""), pending)) {
    let start = "";
    for (;;) {
      if (!isCurrent()) return;
      const rows = await engine.snapshot().scan(table, "by_id", { start, end: null }, "asc", SLICE);
      for (const { document } of rows) {
        const fault = engine.catalog.pendingFault("", table, ownFields(document.json));
        if (fault === null) continue;
        const error = existingDocumentFault(document.id, table, fault);
        await endWalk(engine, id, { kind: "failed", error, tableName: table });
        return;
      }
      if (rows.length < SLICE) break;
      start = `${rows[rows.length - 1]!.key}\0`;
      await new Promise<void>((resolve) => seams.timers.setImmediate(resolve));
    }
  }
  if (isCurrent()) await endWalk(engine, id, { kind: "validated" });
}

async function endWalk(
  engine: Engine,
  id: string,
  state: { kind: "validated" } | { kind: "failed"; error: string; tableName: string },
): Promise<void> {
  await engine.transact({ source: "schema validation", system: true }, (tx) => {
    const pending = tx.catalog.pendingSchema("");
    // A document written meanwhile may have made it fail.
    if (pending?.id === id && pending.state.kind === "pending") tx.editor.setPendingSchemaState("", state);
  });
}

/** A stored document without its system fields. */
function ownFields(json: string): { [field: string]: Value } {
  const { _id, _creationTime, ...fields } = JSON.parse(json) as { [field: string]: JSONValue };
  return jsonToConvex(fields) as { [field: string]: Value };
}

import { type HostTransaction, PLAIN_TABLES, Transaction } from "@tandem/engine";
import { ApiError } from "@tandem/protocol";
import { blocks, declaredFields, type IndexPlan } from "./index_plan.ts";

/** Begins the indexes that a push needs and drops what pushes that were given up have left. */
export function beginIndexes(tx: HostTransaction, plan: IndexPlan): void {
  for (const index of plan.leftovers) tx.editor.dropIndex(index.id);
  for (const { declared, index } of plan.steps) {
    if (index !== null) continue;
    const { table, fields, staged } = declared;
    tx.editor.addIndex({ namespace: "", table, name: freeName(tx, table, declared.name), fields, staged });
  }
}

/**
 * Gives every declared index its name and makes it readable, and drops those no longer declared. Throws
 * `RaceDetected` when one is not there or has no entries yet.
 */
export function switchIndexes(tx: HostTransaction, plan: IndexPlan): void {
  const names: { id: number; name: string }[] = [];
  const states: (() => void)[] = [];
  for (const step of plan.steps) {
    const { declared, index } = step;
    if (index === null || blocks(step)) {
      throw new ApiError(
        "Conflict",
        "RaceDetected",
        `The index ${declared.table}.${declared.name} is not ready: another push has replaced it, or this one has not waited for it.`,
      );
    }
    if (index.name !== declared.name) names.push({ id: index.id, name: declared.name });
    const state = declared.staged ? (index.state === "backfilling" ? "backfilling" : "ready") : "enabled";
    if (index.state !== state || index.staged !== declared.staged) {
      states.push(() => tx.editor.setIndexState(index.id, state, declared.staged));
    }
  }
  for (const { index } of plan.removed) tx.editor.dropIndex(index.id);
  for (const index of plan.leftovers) tx.editor.dropIndex(index.id);
  renameIndexes(tx, names);
  for (const setState of states) setState();
}

/** `name`, or one like it while another index of the table still has it. */
function freeName(tx: HostTransaction, table: string, name: string): string {
  let free = name;
  for (let number = 1; tx.catalog.index("", table, free) !== null; number++) {
    free = `${name.slice(0, 50)}_next_${number}`;
  }
  return free;
}

/** All at once, so that two indexes can change their names with each other. */
function renameIndexes(
  tx: HostTransaction,
  names: readonly { readonly id: number; readonly name: string }[],
): void {
  if (names.length === 0) return;
  if (!(tx instanceof Transaction)) {
    throw new Error("Indexes are renamed in the engine's own transactions only.");
  }
  const rowId = (tableId: number, name: string) => `${tableId}:${name}`;
  const renamed = names.map(({ id, name }) => ({ index: tx.catalog.indexById(id)!, name }));
  tx.editCatalog([
    ...renamed.map(({ index }) => ({
      table: PLAIN_TABLES._indexes,
      id: rowId(index.tableId, index.name),
      json: null,
    })),
    ...renamed.map(({ index, name }) => ({
      table: PLAIN_TABLES._indexes,
      id: rowId(index.tableId, name),
      json: JSON.stringify({
        id: index.id,
        tableId: index.tableId,
        name,
        fields: declaredFields(index),
        state: index.state,
        staged: index.staged,
      }),
    })),
  ]);
}

import type { Engine } from "@tandem/engine";
import type { ComponentSchemaEvaluation, IndexEvaluation, TableSchemaOutcome } from "@tandem/protocol";
import type { Seams } from "../../seams.ts";
import type { DeclaredSchema } from "./declared_schema.ts";
import { declaredConfig, existingConfig, planIndexes } from "./index_plan.ts";
import { tablesToWalk } from "./schema_walk.ts";
import { tableStatistics } from "./table_statistics.ts";

/**
 * What a push of `schema` would have to do (R §4.5). Documents are counted only in tables that it would walk or
 * whose indexes it would change; the others say 0.
 */
export async function evaluateSchemaChange(
  engine: Engine,
  seams: Pick<Seams, "timers">,
  schema: DeclaredSchema | null,
): Promise<ComponentSchemaEvaluation> {
  const { catalog } = engine;
  const plan = planIndexes(catalog, schema?.indexes ?? []);
  const walked = new Set(schema === null ? [] : tablesToWalk(catalog.schema(""), schema.definition));
  const changed = new Set([
    ...walked,
    ...plan.steps.filter(({ change }) => change !== "identical").map(({ declared }) => declared.table),
    ...plan.removed.map(({ table }) => table),
  ]);
  const counts = new Map<string, { documents: number; bytes: number }>();
  for (const table of changed) counts.set(table, await tableStatistics(engine, seams, table));
  const documentsOf = (table: string) => counts.get(table)?.documents ?? 0;

  const indexes: IndexEvaluation[] = plan.steps.map(({ change, declared, index }) => ({
    ...declaredConfig(declared),
    change: change === "renamed" ? "added" : change,
    needsBackfill: index === null || index.state === "backfilling",
    numDocs: documentsOf(declared.table),
  }));
  for (const { table, index } of plan.removed) {
    const numDocs = documentsOf(table);
    indexes.push({ ...existingConfig(table, index), change: "dropped", needsBackfill: false, numDocs });
  }
  const enforced = schema?.definition.enforced ?? false;
  const tables = (schema?.definition.tables ?? []).map(({ table, documentType }) => {
    let outcome: TableSchemaOutcome = "supersetOfEnforced";
    if (!enforced) outcome = "notValidated";
    else if (walked.has(table)) outcome = "mustWalk";
    else if (documentType === null) outcome = "supersetOfShape";
    return { name: table, outcome, numDocs: documentsOf(table), sizeBytes: counts.get(table)?.bytes ?? 0 };
  });
  return { definitionPath: "", schemaValidation: enforced, tables, indexes, discardedStagedValidators: [] };
}

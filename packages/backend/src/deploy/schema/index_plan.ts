import type { Catalog, IndexInfo } from "@tandem/engine";
import type { IndexConfig, IndexDiff } from "@tandem/protocol";
import type { DeclaredIndex } from "./declared_schema.ts";

/** What a push does about one declared index. `index` is what there is of it now. */
export type IndexStep =
  /** Is there and stays as it is. */
  | { readonly change: "identical"; readonly declared: DeclaredIndex; readonly index: IndexInfo }
  /** To be made; `index` is there when its backfill has been begun, by this push or one that was given up. */
  | { readonly change: "added"; readonly declared: DeclaredIndex; readonly index: IndexInfo | null }
  /** Its fields have been indexed under another name: it changes its name, and nothing is backfilled. */
  | { readonly change: "renamed"; readonly declared: DeclaredIndex; readonly index: IndexInfo }
  /** No longer staged. */
  | { readonly change: "enabled"; readonly declared: DeclaredIndex; readonly index: IndexInfo }
  /** Now staged. */
  | { readonly change: "disabled"; readonly declared: DeclaredIndex; readonly index: IndexInfo };

export interface IndexPlan {
  readonly steps: readonly IndexStep[];
  /** No longer declared: dropped when the push ends. */
  readonly removed: readonly { readonly table: string; readonly index: IndexInfo }[];
  /** Of pushes that were given up: nobody has ever used them. */
  readonly leftovers: readonly IndexInfo[];
}

/**
 * Compares the declared indexes with those there are. An index is known by its table and fields, which are
 * unique (R §3.2); its name is a label. So an index whose fields change is a new one beside the old, both
 * kept until the push switches, and one that only changes its name is not built again.
 */
export function planIndexes(catalog: Catalog, declared: readonly DeclaredIndex[]): IndexPlan {
  const wanted = new Map(declared.map((index) => [key(index.table, index.fields), index]));
  const found = new Map<string, IndexInfo>();
  const removed: { table: string; index: IndexInfo }[] = [];
  const leftovers: IndexInfo[] = [];
  for (const table of catalog.tables("")) {
    for (const index of table.indexes) {
      if (index.id === table.byCreationTime) continue;
      const at = key(table.name, declaredFields(index));
      if (wanted.has(at)) found.set(at, index);
      else if (isLeftover(index)) leftovers.push(index);
      else removed.push({ table: table.name, index });
    }
  }
  const steps = declared.map(
    (index): IndexStep => stepOf(index, found.get(key(index.table, index.fields)) ?? null),
  );
  return { steps, removed, leftovers };
}

function stepOf(declared: DeclaredIndex, index: IndexInfo | null): IndexStep {
  if (index === null || isLeftover(index)) return { change: "added", declared, index };
  if (index.name !== declared.name) return { change: "renamed", declared, index };
  if (index.staged === declared.staged) return { change: "identical", declared, index };
  return { change: declared.staged ? "disabled" : "enabled", declared, index };
}

/** Begun by a push that has not ended. */
function isLeftover(index: IndexInfo): boolean {
  return index.state !== "enabled" && !index.staged;
}

function key(table: string, fields: readonly string[]): string {
  return `${table}\0${fields.join("\0")}`;
}

/** Without the `_creationTime` that follows the fields of every index. */
export function declaredFields(index: IndexInfo): readonly string[] {
  return index.fields.slice(0, -1);
}

/** Does the push have to wait for this step's backfill? */
export function blocks(step: IndexStep): boolean {
  return !step.declared.staged && (step.index === null || step.index.state === "backfilling");
}

/** The plan as tools are told of it (R §4.4). */
export function indexDiff(plan: IndexPlan): IndexDiff {
  const configs = (...changes: readonly IndexStep["change"][]): IndexConfig[] =>
    plan.steps.filter((step) => changes.includes(step.change)).map((step) => declaredConfig(step.declared));
  const renamed = plan.steps.flatMap((step) =>
    step.change === "renamed" ? [existingConfig(step.declared.table, step.index)] : [],
  );
  return {
    added_indexes: configs("added", "renamed"),
    removed_indexes: [...plan.removed.map(({ table, index }) => existingConfig(table, index)), ...renamed],
    enabled_indexes: configs("enabled"),
    disabled_indexes: configs("disabled"),
  };
}

export function declaredConfig({ table, name, fields, staged }: DeclaredIndex): IndexConfig {
  return { name: `${table}.${name}`, type: "database", fields: [...fields], ...(staged ? { staged } : {}) };
}

export function existingConfig(table: string, index: IndexInfo): IndexConfig {
  return declaredConfig({ table, name: index.name, fields: declaredFields(index), staged: index.staged });
}

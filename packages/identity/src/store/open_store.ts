import type { Engine } from "@tandem/engine";
import { NAMESPACE } from "./reader.ts";
import { Store } from "./store.ts";
import { INDEXES, TABLE_NAMES } from "./tables.ts";

/** Opens identity's tables; makes those, and those indexes, that are not there yet. */
export async function openStore(engine: Engine): Promise<Store> {
  const missing = TABLE_NAMES.flatMap((table) =>
    Object.entries({ by_public_id: ["id"], ...INDEXES[table] }).map(([name, fields]) => ({
      table,
      name,
      fields: fields as readonly string[],
    })),
  ).filter(({ table, name }) => engine.catalog.index(NAMESPACE, table, name)?.state !== "enabled");
  if (missing.length === 0) return new Store(engine);
  const { value: ids } = await engine.transact(
    { namespace: NAMESPACE, system: true, source: "identity: tables" },
    (tx) => {
      const created = new Set<string>();
      const waiting: number[] = [];
      for (const { table, name, fields } of missing) {
        if (tx.catalog.table(NAMESPACE, table) === null) {
          tx.editor.createTable(NAMESPACE, table);
          created.add(table);
        }
        const index =
          tx.catalog.index(NAMESPACE, table, name) ??
          tx.editor.addIndex({ namespace: NAMESPACE, table, name, fields, staged: false });
        // A table that begins now has nothing that the index would miss.
        if (created.has(table)) tx.editor.setIndexState(index.id, "enabled");
        else waiting.push(index.id);
      }
      return waiting;
    },
  );
  if (ids.length === 0) return new Store(engine);
  for (const id of ids) await engine.backfill(id);
  await engine.transact({ namespace: NAMESPACE, system: true, source: "identity: indexes" }, (tx) => {
    for (const id of ids) tx.editor.setIndexState(id, "enabled");
  });
  return new Store(engine);
}

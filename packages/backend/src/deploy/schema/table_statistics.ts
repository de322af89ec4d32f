import type { Engine } from "@tandem/engine";
import type { Seams } from "../../seams.ts";

const SLICE = 1000;

/** Counts the documents of one of the app's tables and their bytes, slice by slice. Costs a walk over the table. */
export async function tableStatistics(
  engine: Engine,
  seams: Pick<Seams, "timers">,
  table: string,
): Promise<{ documents: number; bytes: number }> {
  let documents = 0;
  let bytes = 0;
  let start = "";
  for (;;) {
    const rows = await engine.snapshot().scan(table, "by_id", { start, end: null }, "asc", SLICE);
    documents += rows.length;
    for (const { document } of rows) bytes += document.size;
    if (rows.length < SLICE) return { documents, bytes };
    start = `${rows[rows.length - 1]!.key}\0`;
    await new Promise<void>((resolve) => seams.timers.setImmediate(resolve));
  }
}

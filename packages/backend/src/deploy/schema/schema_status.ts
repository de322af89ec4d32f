import type { Catalog, Engine } from "@tandem/engine";
import type { SchemaStatus } from "@tandem/protocol";
import type { Seams } from "../../seams.ts";
import type { DeclaredIndex } from "./declared_schema.ts";
import { blocks, planIndexes } from "./index_plan.ts";

/** How far the push `id`, which declares `indexes`, has come (R §4.6). */
export function schemaStatus(catalog: Catalog, id: string, indexes: readonly DeclaredIndex[]): SchemaStatus {
  const pending = catalog.pendingSchema("");
  if (pending?.id !== id) return { type: "raceDetected" };
  if (pending.state.kind === "failed") {
    const { error, tableName } = pending.state;
    return { type: "failed", error, componentPath: "", tableName };
  }
  const awaited = planIndexes(catalog, indexes).steps.filter(
    ({ change, declared }) => !declared.staged && change !== "identical" && change !== "renamed",
  );
  const indexesComplete = awaited.filter((step) => !blocks(step)).length;
  const schemaValidationComplete = pending.state.kind === "validated";
  if (schemaValidationComplete && indexesComplete === awaited.length) return { type: "complete" };
  const progress = { schemaValidationComplete, indexesComplete, indexesTotal: awaited.length };
  return { type: "inProgress", components: { "": progress } };
}

/** Answers as soon as the status is anything but `inProgress`, at the latest after `timeout` milliseconds. */
export function waitForStatus(
  engine: Engine,
  seams: Pick<Seams, "timers">,
  status: () => SchemaStatus,
  timeout: number,
  signal?: AbortSignal,
): Promise<SchemaStatus> {
  const now = status();
  if (now.type !== "inProgress" || timeout <= 0) return Promise.resolve(now);
  return new Promise((resolve, reject) => {
    const end = () => {
      unlisten();
      seams.timers.clearTimeout(timer);
      signal?.removeEventListener("abort", answer);
    };
    const answer = () => {
      end();
      try {
        resolve(status());
      } catch (error) {
        reject(error as Error);
      }
    };
    let { catalog } = engine;
    const unlisten = engine.onDurable(() => {
      if (engine.catalog === catalog) return;
      catalog = engine.catalog;
      if (status().type !== "inProgress") answer();
    });
    const timer = seams.timers.setTimeout(answer, timeout);
    signal?.addEventListener("abort", answer, { once: true });
  });
}

import type { Engine, IndexId } from "@tandem/engine";
import type { Seams } from "../../seams.ts";
import { walkExistingDocuments } from "./schema_walk.ts";

/** The work of a push that goes on in the background: checking documents, building indexes (R §3.1, §3.3). */
export class SchemaWork {
  readonly #engine: Engine;
  readonly #seams: Seams;
  readonly #report: (error: unknown) => void;
  readonly #backfills = new Map<IndexId, Promise<void>>();
  readonly #walks = new Map<string, Promise<void>>();
  #closed = false;

  constructor(engine: Engine, seams: Seams, report: (error: unknown) => void) {
    this.#engine = engine;
    this.#seams = seams;
    this.#report = report;
  }

  /** Begins what the catalog says is to be done and is not being done: also after a restart or a failure. */
  resume(): void {
    if (this.#closed) return;
    const { catalog } = this.#engine;
    const pending = catalog.pendingSchema("");
    if (pending?.state.kind === "pending") {
      const { id } = pending;
      this.#begin(this.#walks, id, () =>
        walkExistingDocuments(this.#engine, this.#seams, id, () => this.#closed),
      );
    }
    for (const table of catalog.tables("")) {
      for (const index of table.indexes) {
        if (index.state !== "backfilling") continue;
        this.#begin(this.#backfills, index.id, async () => {
          await this.#engine.backfill(index.id);
        });
      }
    }
  }

  /** Resolves when no more documents are walked. Backfills are left where they are: the next start does them again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#walks.values());
  }

  #begin<K>(running: Map<K, Promise<void>>, key: K, work: () => Promise<void>): void {
    if (running.has(key)) return;
    const run = work()
      .catch((error: unknown) => {
        // Whoever waits for the push asks again, and so begins it again.
        if (!this.#closed) this.#report(error);
      })
      .finally(() => running.delete(key));
    running.set(key, run);
  }
}

import type { Store } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { IndexId, TableId } from "./commit.ts";

interface Drop {
  readonly ts: Timestamp;
  readonly indexes: readonly IndexId[];
  readonly tables: readonly TableId[];
}

/**
 * Indexes and tables that were dropped, until nobody can read them any more and their space is given back. Known in
 * memory only: what a process drops in its last minute keeps its space.
 */
export class Dropped {
  #catalog: CatalogImage;
  #drops: Drop[] = [];

  constructor(catalog: CatalogImage) {
    this.#catalog = catalog;
  }

  /** `catalog` is in force as of `ts`. */
  advance(catalog: CatalogImage, ts: Timestamp): void {
    if (catalog === this.#catalog) return;
    const { indexes, tables } = catalog.droppedSince(this.#catalog);
    this.#catalog = catalog;
    if (indexes.length > 0 || tables.length > 0) this.#drops.push({ ts, indexes, tables });
  }

  /** Gives back what was dropped before `pruned`, `budget` rows at a time; stops between them when told to. */
  async discard(store: Store, pruned: Timestamp, budget: number, isClosed: () => boolean): Promise<void> {
    for (let drop = this.#drops[0]; drop !== undefined && drop.ts <= pruned; drop = this.#drops[0]) {
      for (;;) {
        if (isClosed()) return;
        if ((await store.discard(drop, budget)) < budget) break;
      }
      this.#drops.shift();
    }
  }
}

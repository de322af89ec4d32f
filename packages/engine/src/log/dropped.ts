import type { Store } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { IndexId, TableId } from "./commit.ts";

interface Drop {
  readonly ts: Timestamp;
  readonly indexes: readonly IndexId[];
  readonly tables: readonly TableId[];
}

/** Looked for in one go: most have given their space back long ago, and are only not known to. */
const TOGETHER = 64;

/**
 * Indexes and tables that were dropped, until nobody can read them any more and their space is given back. That of
 * earlier processes is looked through once more: one may have ended before it got to it.
 */
export class Dropped {
  #catalog: CatalogImage;
  #drops: Drop[] = [];

  /** `catalog` is in force as of `ts`, the store's newest commit. */
  constructor(catalog: CatalogImage, ts: Timestamp) {
    this.#catalog = catalog;
    const { indexes, tables } = catalog.droppedBefore();
    for (let i = 0; i < Math.max(indexes.length, tables.length); i += TOGETHER) {
      this.#drops.push({
        ts,
        indexes: indexes.slice(i, i + TOGETHER),
        tables: tables.slice(i, i + TOGETHER),
      });
    }
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

import type { PublishedCommit } from "../log/commit.ts";
import type { Timestamp } from "../timestamp.ts";
import type { CatalogImage } from "./catalog_image.ts";

/** The catalogs of the snapshots that can still be read. */
export class CatalogHistory {
  /** Each holds from its own timestamp up to the next one's; the first from `oldest` on. */
  #catalogs: { readonly from: Timestamp; readonly catalog: CatalogImage }[];

  /** `first` is the catalog of the store's newest commit. What was before it is not known. */
  constructor(first: CatalogImage) {
    this.#catalogs = [{ from: first.ts, catalog: first }];
  }

  /** No snapshot before this has a catalog here. */
  get oldest(): Timestamp {
    return this.#catalogs[0]!.from;
  }

  /** The catalog that was in force at `at`, `null` when it is not known any more. */
  at(at: Timestamp): CatalogImage | null {
    for (let i = this.#catalogs.length - 1; i >= 0; i--) {
      const { from, catalog } = this.#catalogs[i]!;
      if (from <= at) return catalog;
    }
    return null;
  }

  /** Takes in a batch of commits, after which `newest` is the catalog. */
  advance(commits: readonly PublishedCommit[], newest: CatalogImage): void {
    for (const { changesCatalog, documents, ts } of commits) {
      if (!changesCatalog) continue;
      const catalog = ts === newest.ts ? newest : this.#catalogs.at(-1)!.catalog.apply(documents, ts);
      this.#catalogs.push({ from: ts, catalog });
    }
  }

  /** No snapshot before `horizon` is read any more. */
  forget(horizon: Timestamp): void {
    while (this.#catalogs.length > 1 && this.#catalogs[1]!.from <= horizon) this.#catalogs.shift();
  }
}

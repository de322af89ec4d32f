import type { SnapshotReader } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import { Transaction, type TransactionOptions } from "./transaction.ts";

/** A read-only transaction on the state at `at`, under the catalog of that moment: what queries run in. */
export function snapshotTransaction(
  reader: SnapshotReader,
  catalog: CatalogImage,
  at: Timestamp,
  options: TransactionOptions = {},
): Transaction {
  return new Transaction({ ...options, base: { reader, at }, overlay: null, catalog, write: null });
}

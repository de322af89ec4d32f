import {
  andThen,
  CatalogCache,
  type MaybePromise,
  type SnapshotReader,
  snapshotTransaction,
} from "@tandem/engine";
import type { QueryCall, QueryOutcome } from "./lane.ts";
import { AGAIN, type LaneCore, usageOf } from "./lane_core.ts";

/** Runs queries at snapshots, one at a time. */
export class ReadLane {
  readonly core: LaneCore;
  readonly #reader: SnapshotReader;
  readonly #catalogs: CatalogCache;

  constructor(core: LaneCore, reader: SnapshotReader) {
    this.core = core;
    this.#reader = reader;
    this.#catalogs = new CatalogCache(reader);
  }

  query(call: QueryCall): MaybePromise<QueryOutcome> {
    return andThen(this.#catalogs.at(call.at), (catalog) => {
      const tx = snapshotTransaction(this.#reader, catalog, call.at, { limits: this.core.transactions });
      const tree = this.core.tree(call, call.journal);
      return andThen(this.core.run("query", call, tx, tree), (result) => {
        if (result === AGAIN) return this.query(call);
        return {
          result: result.result,
          logs: result.logs,
          usage: usageOf(tx, result),
          reads: tx.reads,
          journal: result.result.kind === "value" ? tree.journal : call.journal,
          usedIdentity: tree.usedIdentity,
          usedTime: result.usedTime,
          usedRandom: result.usedRandom,
        };
      });
    });
  }
}

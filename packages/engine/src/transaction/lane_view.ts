import type { LaneNews, LaneTransaction } from "../engine.ts";
import { InvariantError } from "../errors.ts";
import type { WriteSet } from "../log/commit.ts";
import type { SnapshotReader } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import { CachedReader } from "./cached_reader.ts";
import { Overlay } from "./overlay.ts";
import { type Randomness, Transaction, type TransactionOptions } from "./transaction.ts";

/** What a lane keeps of the documents that it has read and written last. */
const CACHE_BYTES = 48 * 1024 * 1024;

/** A commit that the lane's store may not have yet. */
type Afloat =
  | {
      readonly kind: "own";
      readonly epoch: number;
      readonly laneSequence: number;
      readonly writes: WriteSet;
    }
  | {
      readonly kind: "foreign";
      sequence: number;
      ts: Timestamp;
      readonly writes: WriteSet;
    };

export interface LaneTransactionOptions extends TransactionOptions {
  /** When the transaction begins, for `_creationTime`s and ids. */
  readonly begin: Timestamp;
  readonly random: Randomness;
}

/**
 * The newest state as a write lane sees it: its store at `durable`, with the commits laid over it that are
 * still on their way to disk, its own and those it has heard of. One transaction runs at a time; news that
 * come meanwhile wait for its end, so that what it reads does not change under it.
 */
export class LaneView {
  readonly #reader: CachedReader;
  #durable: Timestamp;
  /** The catalog at `#durable`, and with everything afloat. */
  #durableCatalog: CatalogImage;
  #catalog: CatalogImage;
  #overlay = new Overlay();
  #afloat: Afloat[] = [];
  #epoch = 1;
  #laneSequence = 0;
  #foreignSeen = 0;
  #open: { readonly tx: Transaction; readonly epoch: number; readonly foreignSeen: number } | null = null;
  #waiting: LaneNews[] = [];

  /** `durable` is the engine's at the moment the lane was opened, `catalog` the catalog at `durable`. */
  constructor(
    reader: SnapshotReader,
    start: { readonly durable: Timestamp; readonly catalog: CatalogImage },
    cacheBytes = CACHE_BYTES,
  ) {
    this.#reader = new CachedReader(reader, start.durable, cacheBytes);
    this.#durable = start.durable;
    this.#durableCatalog = start.catalog;
    this.#catalog = start.catalog;
  }

  /** The newest commit that the lane's store is known to have. */
  get durable(): Timestamp {
    return this.#durable;
  }

  /** The catalog of the newest state. */
  get catalog(): CatalogImage {
    return this.#catalog;
  }

  /** Gives back the memory of documents that are only at hand in case they are asked for again. */
  forgetDocuments(): void {
    this.#reader.forget();
  }

  /** Takes in news, in the order the committer gave them. */
  apply(news: LaneNews): void {
    if (this.#open === null) this.#take(news);
    else this.#waiting.push(news);
  }

  /** Begins a transaction on the newest state. One that was begun before and not finished is abandoned. */
  begin(options: LaneTransactionOptions): Transaction {
    this.abandon();
    const tx = new Transaction({
      namespace: options.namespace,
      system: options.system,
      limits: options.limits,
      base: { reader: this.#reader, at: this.#durable },
      overlay: this.#overlay,
      catalog: this.#catalog,
      write: options,
    });
    this.#open = { tx, epoch: this.#epoch, foreignSeen: this.#foreignSeen };
    return tx;
  }

  /** Ends a transaction and lets the next ones see its writes. The answer must go to the committer, in order. */
  finish(tx: Transaction): LaneTransaction {
    const open = this.#open;
    if (open === null || open.tx !== tx) {
      throw new InvariantError("A lane can only finish the transaction that it began last.");
    }
    const writes = tx.finish();
    const laneSequence = ++this.#laneSequence;
    this.#float({ kind: "own", epoch: open.epoch, laneSequence, writes });
    const { epoch, foreignSeen } = open;
    this.abandon();
    return { epoch, laneSequence, foreignSeen, catalogTs: tx.catalogTs, writes, reads: tx.reads };
  }

  /** Forgets the transaction that was begun, if any. */
  abandon(): void {
    this.#open = null;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const news of waiting) this.#take(news);
  }

  #float(commit: Afloat): void {
    this.#afloat.push(commit);
    const { documents, indexEntries, changesCatalog } = commit.writes;
    this.#overlay.put(documents, indexEntries);
    if (changesCatalog) {
      const ts = commit.kind === "foreign" ? commit.ts : this.#catalog.ts;
      this.#catalog = this.#catalog.apply(documents, ts);
    }
  }

  #take(news: LaneNews): void {
    switch (news.kind) {
      case "foreign": {
        const { sequence, ts, writes } = news;
        this.#foreignSeen = sequence;
        this.#float({ kind: "foreign", sequence, ts, writes });
        return;
      }
      case "durable":
        this.#sink(news.ts, news.laneSequence);
        return;
      case "refused": {
        const { epoch, laneSequence } = news;
        this.#epoch = epoch + 1;
        // Those of earlier epochs that were still on their way to disk go too, when the store has failed.
        this.#drop(
          (commit) => commit.kind === "own" && commit.epoch <= epoch && commit.laneSequence >= laneSequence,
        );
        return;
      }
      case "withdrawn": {
        this.#foreignSeen = news.sequence;
        const gone = new Set(news.sequences);
        this.#drop((commit) => commit.kind === "foreign" && gone.has(commit.sequence));
        return;
      }
      case "restamped": {
        this.#foreignSeen = news.sequence;
        for (const commit of this.#afloat) {
          if (commit.kind !== "foreign" || commit.sequence !== news.was) continue;
          commit.sequence = news.sequence;
          commit.ts = news.ts;
        }
        return;
      }
      default:
        news satisfies never;
    }
  }

  /** The store has everything up to `ts`: what it covers leaves the overlay. */
  #sink(ts: Timestamp, laneSequence: number): void {
    this.#durable = Math.max(this.#durable, ts);
    const afloat = this.#afloat;
    let kept = 0;
    for (let i = 0; i < afloat.length; i++) {
      const commit = afloat[i]!;
      const sunk = commit.kind === "own" ? commit.laneSequence <= laneSequence : commit.ts <= ts;
      if (!sunk) {
        afloat[kept++] = commit;
        continue;
      }
      const { documents, indexEntries, changesCatalog } = commit.writes;
      this.#overlay.remove(documents, indexEntries);
      this.#reader.apply(documents);
      if (changesCatalog) this.#durableCatalog = this.#durableCatalog.apply(documents, ts);
    }
    afloat.length = kept;
    this.#reader.moveTo(this.#durable);
    // Nothing afloat: both are the same catalog, and the durable one knows its timestamp.
    if (kept === 0) this.#catalog = this.#durableCatalog;
  }

  /** Takes commits out that never came to be. What they had replaced comes back: laid again from the start. */
  #drop(isGone: (commit: Afloat) => boolean): void {
    const remaining = this.#afloat.filter((commit) => !isGone(commit));
    if (remaining.length === this.#afloat.length) return;
    this.#afloat = [];
    this.#overlay = new Overlay();
    this.#catalog = this.#durableCatalog;
    for (const commit of remaining) this.#float(commit);
  }
}

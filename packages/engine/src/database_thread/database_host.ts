import type { FinishedTransaction, LaneNews, LanePort } from "../engine.ts";
import type { PublishedCommit } from "../log/commit.ts";
import { Committer } from "../log/committer.ts";
import type { Persistence } from "../persistence/persistence.ts";
import { type CatalogImage, loadCatalog } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import { Holds, type HoldTimers } from "./holds.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";
import { toSent } from "./sent_error.ts";

export interface DatabaseHostParts {
  readonly persistence: Persistence;
  readonly clock: { nowMicroseconds(): Timestamp };
  readonly timers: HoldTimers;
  /** For how long commits are remembered for validation, in microseconds of their timestamps. */
  readonly window: number;
  readonly tell: (message: FromDatabase) => void;
}

/**
 * The database in a thread of its own: it holds the committer and the store, and the write lane is opened on it in
 * the same thread, so that a mutation is run, validated and written without a message to anybody.
 */
export class DatabaseHost {
  readonly #persistence: Persistence;
  readonly #tell: (message: FromDatabase) => void;
  readonly #committer: Committer;
  readonly #holds: Holds;

  static async open(parts: DatabaseHostParts): Promise<DatabaseHost> {
    const head = await parts.persistence.head();
    const catalog = await loadCatalog(parts.persistence, head);
    return new DatabaseHost(parts, head, catalog);
  }

  private constructor(parts: DatabaseHostParts, head: Timestamp, catalog: CatalogImage) {
    const { persistence, clock, window, tell } = parts;
    this.#persistence = persistence;
    this.#tell = tell;
    this.#holds = new Holds(parts.timers);
    this.#committer = new Committer({
      persistence,
      clock,
      head,
      catalog,
      window,
      durable: (commits, ts) => tell({ kind: "durable", commits: commits.map(published), ts }),
      fatal: (error) =>
        tell({ kind: "fatal", message: error instanceof Error ? error.message : String(error) }),
    });
  }

  get durable(): Timestamp {
    return this.#committer.durable;
  }

  /** The catalog as of `durable`. */
  get catalog(): CatalogImage {
    return this.#committer.durableCatalog;
  }

  openLane(news: (news: LaneNews) => void): LanePort {
    return this.#committer.openLane(news);
  }

  /** Begins `mutation` at once, or when whoever holds the database has released it. */
  whenFree(mutation: () => void): void {
    this.#holds.whenFree(mutation);
  }

  /** To be called when a mutation that {@link whenFree} has let through has its outcome. */
  ended(): void {
    this.#holds.ended();
  }

  take(message: ToDatabase): void {
    switch (message.kind) {
      case "commit": {
        const { number, transaction, hold } = message;
        const commit = () => this.#commit(number, transaction);
        if (this.#holds.isHeldBy(hold)) void commit();
        else this.#holds.whenFree(() => void commit().then(() => this.#holds.ended()));
        return;
      }
      case "hold": {
        const { number } = message;
        this.#holds.hold(number, () => this.#tell({ kind: "done", number, value: null }));
        return;
      }
      case "release":
        this.#holds.release(message.hold);
        return;
      case "prune":
        this.#answer(message.number, this.#persistence.prune(message.horizon, message.budget));
        return;
      case "discard":
        this.#answer(message.number, this.#persistence.discard(message.what, message.budget));
        return;
      case "backfill":
        this.#answer(
          message.number,
          this.#persistence.backfill(message.indexId, message.entries).then(() => null),
        );
        return;
      case "closeDatabase":
        this.#answer(
          message.number,
          this.#close().then(() => null),
        );
        return;
      default:
        message satisfies never;
    }
  }

  #commit(number: number, transaction: FinishedTransaction): Promise<void> {
    return this.#committer.commit(transaction).then(
      (outcome) => this.#tell({ kind: "committed", number, outcome }),
      (error: unknown) => this.#tell({ kind: "failed", number, error: toSent(error) }),
    );
  }

  async #close(): Promise<void> {
    await this.#committer.close();
    await this.#persistence.close();
  }

  #answer(number: number, work: Promise<number | null>): void {
    work.then(
      (value) => this.#tell({ kind: "done", number, value }),
      (error: unknown) => this.#tell({ kind: "failed", number, error: toSent(error) }),
    );
  }
}

function published({ ts, touched, changesCatalog, documents }: PublishedCommit): PublishedCommit {
  return { ts, touched, changesCatalog, documents: changesCatalog ? documents : NO_DOCUMENTS };
}

const NO_DOCUMENTS: PublishedCommit["documents"] = [];

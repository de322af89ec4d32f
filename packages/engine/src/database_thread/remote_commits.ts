import type { CommitOutcome, FinishedTransaction, LanePort } from "../engine.ts";
import { EngineClosedError, InvariantError } from "../errors.ts";
import type { Commits, NewestState } from "../log/commits.ts";
import { RecentWrites } from "../log/recent_writes.ts";
import type { CommitsParts } from "../open_engine.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";
import type { Questions } from "./questions.ts";

/** Commits in the database's thread, as the engine's thread has them: what it knows is what it has been told. */
export class RemoteCommits implements Commits {
  readonly recent: RecentWrites;
  readonly #parts: CommitsParts;
  readonly #questions: Questions;
  readonly #send: (message: ToDatabase) => void;
  #durable: Timestamp;
  #durableCatalog: CatalogImage;
  #ended: EngineClosedError | null = null;
  /** The number of the newest news; only for the order of {@link recent}. */
  #sequence = 0;

  constructor(parts: CommitsParts, questions: Questions, send: (message: ToDatabase) => void) {
    this.#parts = parts;
    this.#questions = questions;
    this.#send = send;
    this.#durable = parts.head;
    this.#durableCatalog = parts.catalog;
    this.recent = new RecentWrites(parts.head);
  }

  get durable(): Timestamp {
    return this.#durable;
  }

  get durableCatalog(): CatalogImage {
    return this.#durableCatalog;
  }

  commit(transaction: FinishedTransaction, hold = 0): Promise<CommitOutcome> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    // What only looked at what is on disk stands where it looked.
    if (transaction.documents.length === 0 && transaction.indexEntries.length === 0) {
      return Promise.resolve({ kind: "committed", ts: transaction.snapshot });
    }
    return this.#questions.ask({ kind: "commit", transaction, hold });
  }

  async onNewest<T>(attempt: (state: NewestState) => Promise<T>): Promise<T> {
    let hold = 0;
    await this.#questions.ask({ kind: "hold" }, (number) => {
      hold = number;
    });
    try {
      // News come before answers: everything that was accepted is on disk, and known here.
      return await attempt({
        durable: this.#durable,
        accepted: this.#durable,
        catalog: this.#durableCatalog,
        afloat: [],
        token: hold,
      });
    } finally {
      this.#send({ kind: "release", hold });
    }
  }

  openLane(): LanePort {
    throw new InvariantError("A write lane is opened in the database's own thread.");
  }

  async close(): Promise<void> {
    this.#ended ??= new EngineClosedError("The database is being closed: it takes no more transactions.");
    await this.#questions.drained();
  }

  published({ commits, ts }: Extract<FromDatabase, { kind: "durable" }>): void {
    this.#durable = ts;
    for (const commit of commits) {
      const { touched, changesCatalog, documents } = commit;
      this.recent.add({ ts: commit.ts, sequence: ++this.#sequence, origin: null, touched, changesCatalog });
      if (changesCatalog) this.#durableCatalog = this.#durableCatalog.apply(documents, commit.ts);
    }
    this.recent.forget(ts - this.#parts.window);
    this.#parts.durable(commits, ts);
  }

  stop(error: Error): void {
    if (this.#ended !== null) return;
    this.#ended = new EngineClosedError(`The database has stopped: ${error.message}`);
    this.#parts.fatal(error);
  }
}

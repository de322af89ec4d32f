import type { CommitOutcome, FinishedTransaction, LanePort } from "../engine.ts";
import { EngineClosedError, InvariantError } from "../errors.ts";
import type { IndexId } from "../log/commit.ts";
import type { Commits, NewestState } from "../log/commits.ts";
import { RecentWrites } from "../log/recent_writes.ts";
import type { CommitsParts } from "../open_engine.ts";
import type { Discarded, KeyRange, ScanOrder, ScanSource, Store } from "../persistence/persistence.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { BackfilledEntry, FromDatabase, ToDatabase } from "./messages.ts";
import { fromSent } from "./sent_error.ts";

/** Without its `number`. */
type Ask<T = ToDatabase> = T extends { readonly number: number } ? Omit<T, "number"> : never;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A thread's own way of reading the store. */
export type StoreReads = Pick<Store, "head" | "get" | "scan" | "tail"> & { close(): void };

/** Questions to the database's thread, and its answers. */
class Questions {
  readonly #send: (message: ToDatabase) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #broken: Error | null = null;
  #drained: (() => void)[] = [];

  constructor(send: (message: ToDatabase) => void) {
    this.#send = send;
  }

  ask<T>(ask: Ask, sent: (number: number) => void = () => {}): Promise<T> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    return new Promise<T>((resolve, reject) => {
      const number = ++this.#last;
      this.#waiting.set(number, { resolve: resolve as (value: never) => void, reject });
      this.#send({ ...ask, number } as ToDatabase);
      sent(number);
    });
  }

  settle(number: number, answer: { readonly value: unknown } | { readonly error: Error }): void {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) {
      throw new InvariantError(`The database's thread answered ${number}, which nobody asked.`);
    }
    this.#waiting.delete(number);
    if ("error" in answer) waiting.reject(answer.error);
    else waiting.resolve(answer.value as never);
    if (this.#waiting.size === 0) for (const drained of this.#drained.splice(0)) drained();
  }

  /** Resolves when every question so far has its answer. */
  drained(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  break(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const drained of this.#drained.splice(0)) drained();
  }
}

/** The engine's end of a database that runs in another thread. */
export class RemoteDatabase {
  readonly store: Store;
  readonly #questions: Questions;
  readonly #send: (message: ToDatabase) => void;
  #commits: RemoteCommits | null = null;

  /** `reader` is this thread's own connection; `closed` lets go of it and of the thread. */
  constructor(reader: StoreReads, send: (message: ToDatabase) => void, closed: () => Promise<void>) {
    this.#send = send;
    this.#questions = new Questions(send);
    this.store = new RemoteStore(reader, this.#questions, closed);
  }

  /** To be called once. */
  readonly openCommits = (parts: CommitsParts): Commits => {
    this.#commits = new RemoteCommits(parts, this.#questions, this.#send);
    return this.#commits;
  };

  take(message: FromDatabase): void {
    switch (message.kind) {
      case "durable":
        this.#commits?.published(message);
        return;
      case "committed":
        this.#questions.settle(message.number, { value: message.outcome });
        return;
      case "done":
        this.#questions.settle(message.number, { value: message.value });
        return;
      case "failed":
        this.#questions.settle(message.number, { error: fromSent(message.error) });
        return;
      case "fatal":
        this.#commits?.stop(new InvariantError(message.message));
        return;
      default:
        message satisfies never;
    }
  }

  /** The thread has ended: whether its last writes reached the disk only opening the database again tells. */
  ended(cause: string): void {
    const error = new EngineClosedError(`The database's thread stopped (${cause}). Restart Tandem.`);
    this.#questions.break(error);
    this.#commits?.stop(error);
  }
}

class RemoteStore implements Store {
  readonly #reader: StoreReads;
  readonly #questions: Questions;
  readonly #closed: () => Promise<void>;
  #closing: Promise<void> | null = null;

  constructor(reader: StoreReads, questions: Questions, closed: () => Promise<void>) {
    this.#reader = reader;
    this.#questions = questions;
    this.#closed = closed;
  }

  head() {
    return this.#reader.head();
  }

  get(tableId: number, id: string, at: Timestamp) {
    return this.#reader.get(tableId, id, at);
  }

  scan(source: ScanSource, range: KeyRange, order: ScanOrder, at: Timestamp, limit: number) {
    return this.#reader.scan(source, range, order, at, limit);
  }

  tail(after: Timestamp, limit: number) {
    return this.#reader.tail(after, limit);
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#questions.ask({ kind: "prune", horizon, budget });
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.#questions.ask({ kind: "discard", what, budget });
  }

  async backfill(indexId: IndexId, entries: readonly BackfilledEntry[]): Promise<void> {
    await this.#questions.ask({ kind: "backfill", indexId, entries });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#reader.close();
    try {
      await this.#questions.ask({ kind: "closeDatabase" });
    } finally {
      await this.#closed();
    }
  }
}

class RemoteCommits implements Commits {
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

import { Worker } from "node:worker_threads";
import type { Commit, IndexId } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { AppendResult, Discarded } from "../persistence.ts";
import { closedStore, StoreError } from "../store_error.ts";
import type { BackfillEntry } from "./backfilling.ts";
import { packCommits } from "./packed_commits.ts";
import type { Writes } from "./write_queue.ts";
import type { WriterAnswer, WriterRequest, WriterThreadData } from "./writer_messages.ts";

const fromSource = import.meta.url.endsWith(".ts");

/** Without its `number`. */
type Ask<T = WriterRequest> = T extends unknown ? Omit<T, "number"> : never;

/** The calling thread's end of a writer in its own thread, where waiting for the disk holds nobody up. */
export class WriterThread implements Writes {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #exited = Promise.withResolvers<void>();
  #lastNumber = 0;
  #closed: Promise<void> | null = null;
  #broken: StoreError | null = null;

  constructor(path: string) {
    this.#path = path;
    const data: WriterThreadData = { path };
    const file = fromSource ? "./writer_worker.ts" : "./sqlite_writer.js";
    this.#worker = new Worker(new URL(file, import.meta.url), {
      name: "sqlite_writer",
      workerData: data,
      execArgv: fromSource ? ["--conditions=tandem-source"] : [],
    });
    this.#worker.on("message", (answer: WriterAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#break(error));
    this.#worker.on("exit", () => {
      if (this.#waiting.size > 0 || this.#closed === null)
        this.#break(new Error("the writer's thread ended"));
      this.#exited.resolve();
    });
  }

  append(head: Timestamp, commits: readonly Commit[]): Promise<AppendResult> {
    return this.#ask({ kind: "append", head, commits: packCommits(commits) });
  }

  prune(horizon: Timestamp, budget: number): Promise<number> {
    return this.#ask({ kind: "prune", horizon, budget });
  }

  discard(what: Discarded, budget: number): Promise<number> {
    return this.#ask({ kind: "discard", what, budget });
  }

  backfill(indexId: IndexId, entries: readonly BackfillEntry[]): Promise<void> {
    return this.#ask({ kind: "backfill", indexId, entries });
  }

  close(): Promise<void> {
    this.#closed ??= (this.#broken === null ? this.#ask<void>({ kind: "close" }) : Promise.resolve()).then(
      () => this.#exited.promise,
    );
    return this.#closed;
  }

  #ask<T>(ask: Ask): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const refusal = this.#broken ?? (this.#closed === null ? null : closedStore());
    if (refusal !== null) {
      reject(refusal);
      return promise;
    }
    const number = ++this.#lastNumber;
    this.#waiting.set(number, { promise, resolve: resolve as (value: unknown) => void, reject });
    this.#worker.postMessage({ ...ask, number } satisfies WriterRequest);
    return promise;
  }

  #settle(answer: WriterAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    if (waiting === undefined) throw new Error(`The writer answered ${answer.number}, which nobody asked.`);
    this.#waiting.delete(answer.number);
    if (answer.kind === "done") waiting.resolve(answer.value);
    else waiting.reject(new StoreError(answer.code, answer.message));
  }

  /** Whether the last writes reached the disk is not known: only opening the database again tells. */
  #break(cause: Error): void {
    this.#broken ??= new StoreError(
      "FAILED",
      `The thread that writes ${this.#path} stopped (${cause.message}). Restart Tandem.`,
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}

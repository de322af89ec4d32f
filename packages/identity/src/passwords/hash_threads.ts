import { Worker } from "node:worker_threads";
import { refuseUntil } from "../errors/index.ts";
import type { Seams } from "../seams.ts";
import type { HashAnswer, HashWork } from "./hash_work.ts";

export interface HashThreadsOptions {
  readonly threads: number;
  /** Works that may wait for a thread. */
  readonly queue: number;
  readonly timers: Seams["timers"];
  /** Milliseconds after which a thread without work is given back. */
  readonly idleTime: number;
}

interface Job {
  readonly work: HashWork;
  readonly resolve: (answer: HashAnswer) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
  idleTimer: unknown;
}

const isSource = import.meta.url.endsWith(".ts");
const RETRY_SECONDS = 2;

/**
 * Threads that hash passwords, started when there is work and given back when there is none: the main thread and
 * libuv's threads stay free for everything else.
 */
export class HashThreads {
  readonly #options: HashThreadsOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  #isClosed = false;

  constructor(options: HashThreadsOptions) {
    this.#options = options;
  }

  /** How many threads there are at the moment. */
  get size(): number {
    return this.#threads.size;
  }

  /** Throws `too_many_requests` when too many wait, and an error when the work could not be done. */
  run(work: HashWork): Promise<HashAnswer> {
    if (this.#isClosed) return Promise.reject(new Error("The passwords are closed."));
    return new Promise((resolve, reject) => {
      const job: Job = { work, resolve, reject };
      const idle = this.#idleThread();
      if (idle !== null) {
        this.#give(idle, job);
      } else if (this.#waiting.length < this.#options.queue) {
        this.#waiting.push(job);
      } else {
        reject(refuseUntil("too_many_requests", RETRY_SECONDS));
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.reject(new Error("The server is stopping."));
    await Promise.all([...this.#threads].map((thread) => this.#end(thread)));
  }

  #idleThread(): Thread | null {
    for (const thread of this.#threads) {
      if (thread.job === null) return thread;
    }
    return this.#threads.size < this.#options.threads ? this.#start() : null;
  }

  #start(): Thread {
    const worker = new Worker(
      new URL(isSource ? "./password_worker.ts" : "./password_worker.js", import.meta.url),
      { name: "passwords", ...(isSource ? { execArgv: ["--conditions=tandem-source"] } : {}) },
    );
    const thread: Thread = { worker, job: null, idleTimer: null };
    worker.on("message", (answer: HashAnswer) => this.#take(thread, answer));
    let cause = "it ended by itself";
    worker.on("error", (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", () => {
      this.#threads.delete(thread);
      this.#options.timers.clearTimeout(thread.idleTimer);
      thread.job?.reject(new Error(`The thread that hashes passwords stopped: ${cause}.`));
      thread.job = null;
      const next = this.#isClosed ? undefined : this.#waiting.shift();
      if (next !== undefined) this.#give(this.#start(), next);
    });
    this.#threads.add(thread);
    return thread;
  }

  #give(thread: Thread, job: Job): void {
    this.#options.timers.clearTimeout(thread.idleTimer);
    thread.idleTimer = null;
    thread.job = job;
    thread.worker.ref();
    thread.worker.postMessage(job.work);
  }

  #take(thread: Thread, answer: HashAnswer): void {
    const { job } = thread;
    thread.job = null;
    job?.resolve(answer);
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#give(thread, next);
      return;
    }
    // A thread without work keeps no program alive.
    thread.worker.unref();
    thread.idleTimer = this.#options.timers.setTimeout(() => void this.#end(thread), this.#options.idleTime);
  }

  async #end(thread: Thread): Promise<void> {
    this.#threads.delete(thread);
    await thread.worker.terminate();
  }
}

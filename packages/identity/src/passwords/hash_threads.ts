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
  /** What it works on; nothing while it is idle. */
  jobs: readonly Job[];
  idleTimer: unknown;
}

const isSource = import.meta.url.endsWith(".ts");
const RETRY_SECONDS = 2;

/**
 * Works that a thread answers together, at most, when more wait than threads there are: what follows a password then
 * happens for several in one turn of the main thread, one transaction of the disk and one waking of each thread.
 * Whoever waits behind others waits no longer for it.
 */
const MOST_TOGETHER = 4;

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
        this.#give(idle, [job]);
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
      if (thread.jobs.length === 0) return thread;
    }
    return this.#threads.size < this.#options.threads ? this.#start() : null;
  }

  #start(): Thread {
    const worker = new Worker(
      new URL(isSource ? "./password_worker.ts" : "./password_worker.js", import.meta.url),
      { name: "passwords", ...(isSource ? { execArgv: ["--conditions=tandem-source"] } : {}) },
    );
    const thread: Thread = { worker, jobs: [], idleTimer: null };
    worker.on("message", (answers: readonly HashAnswer[]) => this.#take(thread, answers));
    let cause = "it ended by itself";
    worker.on("error", (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", () => {
      this.#threads.delete(thread);
      this.#options.timers.clearTimeout(thread.idleTimer);
      for (const { reject } of thread.jobs) {
        reject(new Error(`The thread that hashes passwords stopped: ${cause}.`));
      }
      thread.jobs = [];
      const next = this.#isClosed ? [] : this.#next();
      if (next.length > 0) this.#give(this.#start(), next);
    });
    this.#threads.add(thread);
    return thread;
  }

  /** What a thread does next: the more wait, the more of it at once. */
  #next(): Job[] {
    const share = Math.floor(this.#waiting.length / this.#options.threads);
    return this.#waiting.splice(0, Math.min(Math.max(share, 1), MOST_TOGETHER));
  }

  #give(thread: Thread, jobs: readonly Job[]): void {
    this.#options.timers.clearTimeout(thread.idleTimer);
    thread.idleTimer = null;
    thread.jobs = jobs;
    thread.worker.ref();
    thread.worker.postMessage(jobs.map(({ work }) => work));
  }

  #take(thread: Thread, answers: readonly HashAnswer[]): void {
    const { jobs } = thread;
    thread.jobs = [];
    // The thread goes on before what follows its answers.
    const next = this.#next();
    if (next.length > 0) this.#give(thread, next);
    for (const [i, answer] of answers.entries()) jobs[i]!.resolve(answer);
    if (next.length > 0) return;
    // A thread without work keeps no program alive.
    thread.worker.unref();
    thread.idleTimer = this.#options.timers.setTimeout(() => void this.#end(thread), this.#options.idleTime);
  }

  async #end(thread: Thread): Promise<void> {
    this.#threads.delete(thread);
    await thread.worker.terminate();
  }
}

import { Worker } from "node:worker_threads";
import type { Seams } from "../../seams.ts";
import type { ProviderKey } from "../key_sets.ts";
import { type Batch, Verdict, type Verdicts } from "./batch.ts";
import { onThisThread, type Signatures } from "./signatures.ts";

interface Question {
  readonly token: string;
  readonly key: ProviderKey;
  readonly resolve: (stands: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const isSource = import.meta.url.endsWith(".ts");

/** So few in one turn are verified at once: the way to the thread and back would take longer. */
const FEW = 4;
/** Tokens that travel together: this thread goes on with the first while the others are verified. */
const LARGEST_BATCH = 32;
/** Batches that keep the other thread busy; meanwhile the next ones grow, for each has its price. */
const MOST_SENT = 3;
const IDLE_MILLISECONDS = 20_000;

/**
 * Verifies signatures on a thread of its own when many clients come at once, as after a restart: they cost more than
 * everything else about a token. The thread is started when it is needed and given back when it is not.
 */
export class ThreadedSignatures implements Signatures {
  readonly #timers: Seams["timers"];
  readonly #report: (error: unknown) => void;
  readonly #asked: Question[] = [];
  #worker: Worker | null = null;
  /** Batches on their way, in order. */
  readonly #sent: (readonly Question[])[] = [];
  #idleTimer: unknown = null;
  #isClosed = false;

  /** `report` is told what brought the thread down; that concerns no token, which are then verified here. */
  constructor(timers: Seams["timers"], report: (error: unknown) => void) {
    this.#timers = timers;
    this.#report = report;
  }

  stands(token: string, key: ProviderKey): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ token, key, resolve, reject }) === 1) {
        this.#timers.setImmediate(this.#flush);
      }
    });
  }

  /** Is the thread there at the moment? */
  get isThreaded(): boolean {
    return this.#worker !== null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timers.clearTimeout(this.#idleTimer);
    await this.#worker?.terminate();
  }

  readonly #flush = (): void => {
    if (this.#isClosed || (this.#asked.length <= FEW && this.#sent.length === 0)) {
      this.#asked.splice(0).forEach(answerHere);
    } else {
      this.#send();
    }
  };

  #send(): void {
    const worker = this.#worker ?? this.#start();
    this.#timers.clearTimeout(this.#idleTimer);
    worker.ref();
    while (this.#asked.length > 0 && this.#sent.length < MOST_SENT) {
      const questions = this.#asked.splice(0, LARGEST_BATCH);
      this.#sent.push(questions);
      worker.postMessage(batchOf(questions));
    }
  }

  #start(): Worker {
    const worker = new Worker(
      new URL(isSource ? "./signature_worker.ts" : "./signature_worker.js", import.meta.url),
      { name: "signatures", ...(isSource ? { execArgv: ["--conditions=tandem-source"] } : {}) },
    );
    worker.on("message", (verdicts: Verdicts) => this.#answer(verdicts));
    worker.on("error", this.#report);
    worker.on("exit", () => {
      if (this.#worker === worker) {
        this.#worker = null;
        const left = [...this.#sent.splice(0).flat(), ...this.#asked.splice(0)];
        left.forEach(answerHere);
      }
    });
    this.#worker = worker;
    return worker;
  }

  #answer(verdicts: Verdicts): void {
    const questions = this.#sent.shift()!;
    if (this.#asked.length > 0) {
      this.#send();
    }
    for (let i = 0; i < questions.length; i++) {
      if (verdicts[i] === Verdict.unknown) {
        answerHere(questions[i]!);
      } else {
        questions[i]!.resolve(verdicts[i] === Verdict.stands);
      }
    }
    if (this.#sent.length === 0) {
      // A thread without work keeps no program alive.
      this.#worker!.unref();
      this.#idleTimer = this.#timers.setTimeout(() => void this.#worker?.terminate(), IDLE_MILLISECONDS);
    }
  }
}

function answerHere({ token, key, resolve, reject }: Question): void {
  try {
    resolve(onThisThread.stands(token, key) as boolean);
  } catch (error) {
    reject(error);
  }
}

function batchOf(questions: readonly Question[]): Batch {
  const keys: { algorithm: ProviderKey["algorithm"]; spki: string }[] = [];
  const indexes = new Map<ProviderKey, number>();
  const keyOf = questions.map(({ key }) => {
    let index = indexes.get(key);
    if (index === undefined) {
      index = keys.push({ algorithm: key.algorithm, spki: key.spki }) - 1;
      indexes.set(key, index);
    }
    return index;
  });
  return { tokens: questions.map(({ token }) => token), keyOf, keys };
}

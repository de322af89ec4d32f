import {
  andThen,
  type LaneNews,
  type LaneTransaction,
  type LaneView,
  type MaybePromise,
  type Transaction,
} from "@tandem/engine";
import { type FunctionResult, LaneError, type LogLine, type MutationCall, type Usage } from "./lane.ts";
import { AGAIN, type LaneCore, usageOf } from "./lane_core.ts";
import type { LaneSeams } from "./lane_parts.ts";
import { SessionRequests } from "./session_requests.ts";

/** A mutation that ran; it has happened once its transaction is on disk. */
export interface RanMutation {
  readonly id: number;
  /** Also for failed functions: what they saw may not be told before it is on disk. */
  readonly transaction: LaneTransaction;
  readonly result: FunctionResult;
  readonly logs: readonly LogLine[];
  readonly usage: Usage;
}

export interface FailedMutation {
  readonly id: number;
  readonly code: string;
  readonly message: string;
}

export interface WriteLaneReport {
  readonly ran: readonly RanMutation[];
  readonly failed: readonly FailedMutation[];
}

/** For so long mutations are run in one go before what they made is sent off, in milliseconds. */
const TURN = 4;

/** Runs mutations one after another on the newest state. Reports what it ran in batches, in order. */
export class WriteLane {
  readonly core: LaneCore;
  readonly #view: LaneView;
  readonly #seams: LaneSeams;
  readonly #report: (report: WriteLaneReport) => void;
  readonly #requests = new SessionRequests();
  #queue: { id: number; call: MutationCall }[] = [];
  #ran: RanMutation[] = [];
  #failed: FailedMutation[] = [];
  #isRunning = false;

  constructor(core: LaneCore, view: LaneView, seams: LaneSeams, report: (report: WriteLaneReport) => void) {
    this.core = core;
    this.#view = view;
    this.#seams = seams;
    this.#report = report;
  }

  news(news: LaneNews): void {
    this.#requests.news(news);
    this.#view.apply(news);
  }

  /** Nothing has happened for a while: gives memory back. */
  rest(): void {
    this.#view.forgetDocuments();
    this.core.runner.dispose();
  }

  /** Takes a mutation on; it is reported under `id`. */
  mutation(id: number, call: MutationCall): void {
    this.#queue.push({ id, call });
    if (this.#isRunning) return;
    this.#isRunning = true;
    // At the end of this turn: all that has arrived by then is run, and goes to disk, together.
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const until = performance.now() + TURN;
    while (this.#queue.length > 0) {
      const { id, call } = this.#queue.shift()!;
      const running = this.#run(id, call);
      if (running instanceof Promise) {
        this.#flush();
        void running.then(() => this.#turn());
        return;
      }
      if (performance.now() > until && this.#queue.length > 0) {
        this.#flush();
        // News and new mutations come in between.
        setImmediate(() => this.#turn());
        return;
      }
    }
    this.#isRunning = false;
    this.#flush();
    setImmediate(() => this.#prepareAhead());
  }

  #prepareAhead(): void {
    if (!this.#isRunning && this.core.runner.prepareAhead()) setImmediate(() => this.#prepareAhead());
  }

  #flush(): void {
    if (this.#ran.length === 0 && this.#failed.length === 0) return;
    const report = { ran: this.#ran, failed: this.#failed };
    this.#ran = [];
    this.#failed = [];
    this.#report(report);
  }

  #run(id: number, call: MutationCall): MaybePromise<void> {
    const fail = (error: unknown) => {
      this.#view.abandon();
      const code = error instanceof LaneError ? error.code : codeOf(error);
      this.#failed.push({ id, code, message: error instanceof Error ? error.message : String(error) });
    };
    try {
      const running = this.#attempt(id, call);
      return running instanceof Promise ? running.catch(fail) : running;
    } catch (error) {
      fail(error);
    }
  }

  #begin(): Transaction {
    return this.#view.begin({
      begin: this.#seams.clock.nowMicroseconds(),
      random: this.#seams.random,
      limits: this.core.transactions,
    });
  }

  #attempt(id: number, call: MutationCall): MaybePromise<void> {
    const tx = this.#begin();
    const { once } = call;
    const earlier = once === null ? null : this.#requests.earlier(tx, once);
    return andThen(earlier, (stored) => {
      if (stored !== null) {
        const { result, logs } = JSON.parse(stored) as { result: FunctionResult; logs: LogLine[] };
        this.#ran.push({ id, transaction: this.#view.finish(tx), result, logs, usage: NOTHING_USED });
        return;
      }
      return andThen(this.core.run("mutation", call, tx, this.core.tree(call, null)), (ran) => {
        if (ran === AGAIN) return this.#attempt(id, call);
        const { result, logs } = ran;
        const usage = usageOf(tx, ran);
        if (result.kind === "value") {
          if (once !== null) {
            const at = Math.floor(this.#seams.clock.nowMicroseconds() / 1000);
            this.#requests.answered(tx, once, JSON.stringify({ at, result, logs }));
          }
          this.#ran.push({ id, transaction: this.#view.finish(tx), result, logs, usage });
          return;
        }
        // Nothing of it stays; an empty transaction tells when all that it saw is on disk.
        const nothing = this.#begin();
        this.#ran.push({ id, transaction: this.#view.finish(nothing), result, logs, usage });
      });
    });
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "InternalServerError";
}

const NOTHING_USED: Usage = {
  documentsRead: 0,
  bytesRead: 0,
  documentsWritten: 0,
  bytesWritten: 0,
  databaseQueries: 0,
  userTime: 0,
  memoryMegabytes: 0,
};

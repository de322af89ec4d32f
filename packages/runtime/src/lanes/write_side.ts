import {
  type CommitOutcome,
  type Engine,
  type LaneNews,
  LaneView,
  type SnapshotReader,
} from "@tandem/engine";
import type { MutationCall } from "./lane.ts";
import { LaneCore } from "./lane_core.ts";
import type { FromLane, LaneEnd, ToLane } from "./lane_host.ts";
import { takeCommon } from "./lane_messages.ts";
import type { LaneSeams, LaneSettings } from "./lane_parts.ts";
import { type RanMutation, WriteLane, type WriteLaneReport } from "./write_lane.ts";

export interface LaneTimers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Where a write lane's transactions become commits. */
export type LaneDatabase = Pick<Engine, "openLane" | "durable" | "catalog">;

export interface WriteSideParts {
  readonly database: LaneDatabase;
  readonly reader: SnapshotReader;
  readonly settings: LaneSettings;
  readonly seams: LaneSeams;
  readonly timers: LaneTimers;
  readonly answer: (message: FromLane) => void;
}

/**
 * A refused mutation runs again at once so many times: in one process that is as good as sure to be enough. Whoever
 * keeps losing after that waits before each of its last attempts, twice as long each time (R §3.5).
 */
const ATTEMPTS_AT_ONCE = 16;
const PATIENT_ATTEMPTS = 4;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2000;
/** Milliseconds without a mutation, give or take as many, after which the lane gives memory back. */
const IDLE = 30_000;

interface WaitingMutation {
  readonly call: MutationCall;
  attempts: number;
}

/** The write lane with its way to the committer, in the thread that has both. Answers mutations that are on disk. */
export class WriteSide implements LaneEnd {
  readonly #parts: WriteSideParts;
  readonly #mutations = new Map<number, WaitingMutation>();
  readonly #port: ReturnType<LaneDatabase["openLane"]>;
  /** Until the lane is open. */
  #early: ToLane[] | null = [];
  readonly #earlyNews: LaneNews[] = [];
  readonly #opened: Promise<WriteLane>;
  #lane: WriteLane | null = null;
  #isClosed = false;
  #wasBusy = false;
  #idleTimer: unknown = null;

  constructor(parts: WriteSideParts) {
    this.#parts = parts;
    const { database } = parts;
    const start = { durable: database.durable, catalog: database.catalog };
    this.#port = database.openLane((news) => {
      if (this.#lane === null) this.#earlyNews.push(news);
      else this.#lane.news(news);
    });
    this.#opened = this.#open(start);
  }

  send(message: ToLane): void {
    if (this.#early !== null) this.#early.push(message);
    else this.#take(this.#lane!, message);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#idleTimer !== null) this.#parts.timers.clearTimeout(this.#idleTimer);
    const lane = await this.#opened;
    this.#port.close();
    lane.core.runner.dispose();
  }

  async #open(start: ConstructorParameters<typeof LaneView>[1]): Promise<WriteLane> {
    const { reader, settings, seams } = this.#parts;
    const core = await LaneCore.open(settings, seams);
    const view = new LaneView(reader, start);
    const lane = new WriteLane(core, view, seams, (report) => this.#report(report));
    this.#lane = lane;
    for (const news of this.#earlyNews.splice(0)) lane.news(news);
    const early = this.#early!;
    this.#early = null;
    for (const message of early) this.#take(lane, message);
    return lane;
  }

  #take(lane: WriteLane, message: ToLane): void {
    if (message.kind !== "mutation") {
      takeCommon(lane.core, message, this.#parts.answer);
      return;
    }
    const { id, call } = message;
    if (this.#isClosed) {
      this.#refuse(id);
      return;
    }
    this.#mutations.set(id, { call, attempts: 1 });
    this.#wasBusy = true;
    if (this.#idleTimer === null) this.#watchIdleness(lane);
    lane.mutation(id, call);
  }

  #watchIdleness(lane: WriteLane): void {
    this.#wasBusy = false;
    this.#idleTimer = this.#parts.timers.setTimeout(() => {
      if (this.#wasBusy) {
        this.#watchIdleness(lane);
        return;
      }
      this.#idleTimer = null;
      lane.rest();
    }, IDLE);
  }

  #report({ ran, failed }: WriteLaneReport): void {
    for (const { id, code, message } of failed) this.#fail(id, code, message);
    for (const one of ran) this.#commit(one);
  }

  /** Every mutation has an answer: others wait until those that were begun have ended. */
  #refuse(id: number): void {
    const message = "The backend is shutting down.";
    this.#parts.answer({ kind: "laneFailed", id, code: "BackendIsNotRunning", message });
  }

  #fail(id: number, code: string, message: string): void {
    if (!this.#mutations.delete(id)) return;
    this.#parts.answer({ kind: "laneFailed", id, code, message });
  }

  #commit(ran: RanMutation): void {
    this.#port.submit(ran.transaction).then(
      (outcome) => this.#committed(ran, outcome),
      (error: unknown) => {
        const { code } = error as { code?: unknown };
        const text = error instanceof Error ? error.message : String(error);
        this.#fail(ran.id, typeof code === "string" ? code : "InternalServerError", text);
      },
    );
  }

  #committed(ran: RanMutation, outcome: CommitOutcome): void {
    const { id } = ran;
    const waiting = this.#mutations.get(id);
    if (waiting === undefined) return;
    if (outcome.kind === "committed") {
      this.#mutations.delete(id);
      const { result, logs, usage } = ran;
      const ts = result.kind === "value" ? outcome.ts : null;
      this.#parts.answer({ kind: "outcome", id, outcome: { result, logs, usage, ts } });
      return;
    }
    // A refused one takes with it those that were built upon it: they are not to blame, and all run again.
    const attempt = waiting.attempts++;
    if (attempt <= ATTEMPTS_AT_ONCE) {
      this.#again(id, waiting.call);
    } else if (attempt <= ATTEMPTS_AT_ONCE + PATIENT_ATTEMPTS) {
      const wait = backOff(attempt - ATTEMPTS_AT_ONCE, this.#parts.seams.random);
      this.#parts.timers.setTimeout(() => this.#again(id, waiting.call), wait);
    } else {
      const table = outcome.table === null ? "" : ` "${outcome.table}"`;
      this.#fail(
        id,
        "OptimisticConcurrencyControlFailure",
        `Documents read from or written to the${table} table changed while this mutation was being run and on every subsequent retry. See https://docs.convex.dev/error#1`,
      );
    }
  }

  #again(id: number, call: MutationCall): void {
    if (!this.#isClosed) this.#lane!.mutation(id, call);
    else if (this.#mutations.delete(id)) this.#refuse(id);
  }
}

/** Milliseconds to wait before attempt `n` (1, 2, …) of those that wait: between half and all of its turn. */
export function backOff(n: number, random: LaneSeams["random"]): number {
  const turn = Math.min(FIRST_WAIT * 2 ** (n - 1), LONGEST_WAIT);
  return turn * (0.5 + random.bytes(1)[0]! / 510);
}

import { availableParallelism } from "node:os";
import {
  type CommitOutcome,
  DEFAULT_LIMITS,
  type Engine,
  type LanePort,
  type SnapshotReader,
  type TransactionLimits,
} from "@tandem/engine";
import { type ActionLimits, ActionRunner, DEFAULT_ACTION_LIMITS } from "../actions/index.ts";
import { DEFAULT_ISOLATE_LIMITS, type IsolateLimits } from "../isolate/limits.ts";
import { type PreparedVersion, prepareVersion } from "../modules/prepare_version.ts";
import {
  type Environment,
  LaneError,
  type Lanes,
  type MutationCall,
  type MutationOutcome,
  type QueryCall,
  type QueryOutcome,
} from "./lane.ts";
import { inProcessLane, workerLane } from "./lane_ends.ts";
import type { FromLane, LaneEnd, ToLane } from "./lane_host.ts";
import { openReadLane, openWriteLane } from "./lane_messages.ts";
import type { LaneSeams, LaneSettings } from "./lane_parts.ts";
import { systemSeams } from "./system_seams.ts";
import type { RanMutation } from "./write_lane.ts";

/** Where lanes read from: a SQLite file, each with a connection and a thread of its own, or a store of this process. */
export type LaneStore =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "shared"; readonly reader: SnapshotReader };

export interface LaneTimers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface LanesParts {
  readonly engine: Engine;
  readonly openReader: LaneStore;
  readonly limits?: Partial<IsolateLimits>;
  /** What one query or mutation may read and write. */
  readonly transactions?: TransactionLimits;
  readonly actions?: Partial<ActionLimits>;
  /** What cursors are sealed with. */
  readonly instanceSecret: string;
  readonly deploymentName?: string;
  readonly clock?: LaneSeams["clock"];
  readonly random?: LaneSeams["random"];
  readonly timers?: LaneTimers;
  /** Threads that run queries. Default: one less than the machine has processors, 1 to 4. */
  readonly readLanes?: number;
  /** After so many idle milliseconds a read lane's thread ends. Default 60 000. */
  readonly idle?: number;
}

/**
 * A refused mutation runs again at once so many times: in one process that is as good as sure to be enough. Whoever
 * keeps losing after that waits before each of its last attempts, twice as long each time (R §3.5).
 */
const ATTEMPTS_AT_ONCE = 16;
const PATIENT_ATTEMPTS = 4;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2000;
const MOST_WAITING = 8;

interface WaitingQuery {
  readonly call: QueryCall;
  readonly resolve: (outcome: QueryOutcome) => void;
  readonly reject: (error: LaneError) => void;
}

interface WaitingMutation {
  readonly call: MutationCall;
  readonly resolve: (outcome: MutationOutcome) => void;
  readonly reject: (error: LaneError) => void;
  attempts: number;
}

/** A read lane with what it has been given to do. */
interface ReadThread {
  readonly end: LaneEnd;
  readonly waiting: Map<number, WaitingQuery>;
  readonly loading: Map<number, () => void>;
  idleTimer: unknown;
}

/** Makes what runs functions. Threads are started when there are functions to run. */
export async function openLanes(parts: LanesParts): Promise<Lanes> {
  const lanes = new ThreadLanes(parts);
  await Promise.resolve();
  return lanes;
}

class ThreadLanes implements Lanes {
  readonly #parts: LanesParts;
  readonly #settings: LaneSettings;
  readonly #seams: LaneSeams;
  readonly #timers: LaneTimers;
  readonly #versions = new Map<string, PreparedVersion>();
  readonly #environments = new Map<string, Environment>();
  readonly #readers: ReadThread[] = [];
  readonly #mutations = new Map<number, WaitingMutation>();
  readonly #loading = new Map<number, () => void>();
  readonly #actions: ActionRunner;
  /** Opened with the first version: without one there is nothing to run, and a thread holds some 30 MB. */
  #writer: { readonly port: LanePort; readonly end: LaneEnd } | null = null;
  #nextId = 1;
  #isClosed = false;

  constructor(parts: LanesParts) {
    this.#parts = parts;
    const system = systemSeams();
    this.#seams = { clock: parts.clock ?? system.clock, random: parts.random ?? system.random };
    this.#timers = parts.timers ?? {
      setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds).unref(),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    };
    this.#settings = {
      limits: { ...DEFAULT_ISOLATE_LIMITS, ...parts.limits },
      transactions: parts.transactions ?? DEFAULT_LIMITS,
      instanceSecret: parts.instanceSecret,
      deploymentName: parts.deploymentName ?? "tandem",
    };
    this.#actions = new ActionRunner({
      limits: { ...DEFAULT_ACTION_LIMITS, ...parts.actions },
      fetch: globalThis.fetch,
      now: () => Math.floor(this.#seams.clock.nowMicroseconds() / 1000),
      random: (length) => this.#seams.random.bytes(length),
      timers: this.#timers,
      deployment: { name: this.#settings.deploymentName, region: null, class: "s256" },
      tables: () => {
        const { catalog } = parts.engine;
        return {
          tableNumberOf: (name) => catalog.table("", name)?.number ?? null,
          tableNameOf: (number) => catalog.tableByNumber("", number)?.name ?? null,
        };
      },
    });
  }

  async load(version: Parameters<Lanes["load"]>[0]): Promise<void> {
    const prepared = await prepareVersion(version);
    if (this.#isClosed) throw closed();
    const { end } = this.#writerNow();
    this.#versions.set(version.id, prepared);
    this.#actions.load(version);
    await Promise.all([
      this.#loadInto(end, this.#loading, prepared),
      ...this.#readers.map((reader) => this.#loadInto(reader.end, reader.loading, prepared)),
    ]);
  }

  #loadInto(end: LaneEnd, loading: Map<number, () => void>, version: PreparedVersion): Promise<void> {
    const id = this.#nextId++;
    const loaded = new Promise<void>((resolve) => loading.set(id, resolve));
    end.send({ kind: "load", version, id });
    return loaded;
  }

  async setEnvironment(environment: Environment): Promise<void> {
    this.#environments.set(environment.id, environment);
    while (this.#environments.size > 4) this.#environments.delete(this.#environments.keys().next().value!);
    this.#actions.setEnvironment(environment);
    this.#toAll({ kind: "environment", environment });
  }

  retire(versionId: string): void {
    this.#versions.delete(versionId);
    this.#actions.retire(versionId);
    this.#toAll({ kind: "retire", version: versionId });
  }

  #toAll(message: ToLane): void {
    this.#writer?.end.send(message);
    for (const { end } of this.#readers) end.send(message);
  }

  #introduce(end: LaneEnd): void {
    for (const environment of this.#environments.values()) end.send({ kind: "environment", environment });
    for (const version of this.#versions.values()) end.send({ kind: "load", version, id: 0 });
  }

  // --- queries ---

  query(call: QueryCall): Promise<QueryOutcome> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const reader = this.#leastLoaded();
      const id = this.#nextId++;
      if (reader.idleTimer !== null) this.#timers.clearTimeout(reader.idleTimer);
      reader.idleTimer = null;
      reader.waiting.set(id, { call, resolve, reject });
      reader.end.send({ kind: "query", id, call });
    });
  }

  #leastLoaded(): ReadThread {
    let best: ReadThread | null = null;
    for (const reader of this.#readers) {
      if (best === null || reader.waiting.size < best.waiting.size) best = reader;
    }
    const most = this.#parts.readLanes ?? Math.min(4, Math.max(1, availableParallelism() - 1));
    const isFull = best !== null && best.waiting.size >= MOST_WAITING;
    if (best === null || (isFull && this.#readers.length < most)) return this.#openReader();
    return best;
  }

  #openReader(): ReadThread {
    const waiting = new Map<number, WaitingQuery>();
    const loading = new Map<number, () => void>();
    const answer = (message: FromLane) => {
      if (message.kind === "loaded") {
        loading.get(message.id)?.();
        loading.delete(message.id);
        return;
      }
      if (message.kind === "report") return;
      const one = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === "result") one?.resolve(message.outcome);
      else one?.reject(new LaneError(message.code, message.message));
      if (waiting.size === 0) this.#rest(reader);
    };
    const died = (error: LaneError) => {
      this.#drop(reader);
      for (const one of waiting.values()) one.reject(error);
      for (const done of loading.values()) done();
    };
    const { openReader } = this.#parts;
    const end =
      openReader.kind === "sqlite"
        ? workerLane(
            { role: "read", path: openReader.path, settings: this.#settings, durable: 0 },
            answer,
            died,
          )
        : inProcessLane(openReadLane(openReader.reader, this.#settings, this.#seams, answer));
    const reader: ReadThread = { end, waiting, loading, idleTimer: null };
    this.#readers.push(reader);
    this.#introduce(end);
    return reader;
  }

  #drop(reader: ReadThread): void {
    const at = this.#readers.indexOf(reader);
    if (at !== -1) this.#readers.splice(at, 1);
  }

  /** Nothing to do: after a while its memory goes back. */
  #rest(reader: ReadThread): void {
    if (this.#isClosed || reader.idleTimer !== null) return;
    reader.idleTimer = this.#timers.setTimeout(() => {
      this.#drop(reader);
      void reader.end.close();
    }, this.#parts.idle ?? 60_000);
  }

  // --- mutations ---

  mutation(call: MutationCall): Promise<MutationOutcome> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#mutations.set(id, { call, resolve, reject, attempts: 1 });
      this.#writerNow().end.send({ kind: "mutation", id, call });
    });
  }

  #writerNow(): { readonly port: LanePort; readonly end: LaneEnd } {
    if (this.#writer === null) {
      this.#writer = this.#openWriter();
      this.#introduce(this.#writer.end);
    }
    return this.#writer;
  }

  #openWriter(): { readonly port: LanePort; readonly end: LaneEnd } {
    const { engine, openReader } = this.#parts;
    const holder: { end: LaneEnd | null } = { end: null };
    const early: ToLane[] = [];
    const { durable } = engine;
    const port = engine.openLane((news) => {
      const message: ToLane = { kind: "news", news };
      if (holder.end === null) early.push(message);
      else holder.end.send(message);
    });
    const answer = (message: FromLane) => {
      if (message.kind === "loaded") {
        this.#loading.get(message.id)?.();
        this.#loading.delete(message.id);
      } else if (message.kind === "report") {
        for (const { id, code, message: text } of message.report.failed) {
          this.#mutations.get(id)?.reject(new LaneError(code, text));
          this.#mutations.delete(id);
        }
        for (const ran of message.report.ran) this.#commit(port, ran);
      }
    };
    const died = (error: LaneError) => {
      port.close();
      for (const one of this.#mutations.values()) one.reject(error);
      this.#mutations.clear();
      for (const done of this.#loading.values()) done();
      this.#loading.clear();
      if (this.#isClosed) return;
      this.#writer = null;
      this.#writerNow();
    };
    const end =
      openReader.kind === "sqlite"
        ? workerLane(
            { role: "write", path: openReader.path, settings: this.#settings, durable },
            answer,
            died,
          )
        : inProcessLane(openWriteLane(openReader.reader, durable, this.#settings, this.#seams, answer));
    holder.end = end;
    for (const message of early) end.send(message);
    return { port, end };
  }

  #commit(port: LanePort, ran: RanMutation): void {
    const submitted = port.submit(ran.transaction);
    submitted.then(
      (outcome) => this.#committed(ran, outcome),
      (error: unknown) => {
        const waiting = this.#mutations.get(ran.id);
        this.#mutations.delete(ran.id);
        const { code } = error as { code?: unknown };
        const text = error instanceof Error ? error.message : String(error);
        waiting?.reject(new LaneError(typeof code === "string" ? code : "InternalServerError", text));
      },
    );
  }

  #committed(ran: RanMutation, outcome: CommitOutcome): void {
    const waiting = this.#mutations.get(ran.id);
    if (waiting === undefined) return;
    if (outcome.kind === "committed") {
      this.#mutations.delete(ran.id);
      const { result, logs, usage } = ran;
      waiting.resolve({ result, logs, usage, ts: result.kind === "value" ? outcome.ts : null });
      return;
    }
    // A refused one takes with it those that were built upon it: they are not to blame, and all run again.
    const attempt = waiting.attempts++;
    if (attempt <= ATTEMPTS_AT_ONCE) {
      this.#writerNow().end.send({ kind: "mutation", id: ran.id, call: waiting.call });
      return;
    }
    if (attempt <= ATTEMPTS_AT_ONCE + PATIENT_ATTEMPTS) {
      const wait = backOff(attempt - ATTEMPTS_AT_ONCE, this.#seams.random);
      this.#timers.setTimeout(() => {
        // Closing has answered it meanwhile.
        if (this.#isClosed || !this.#mutations.has(ran.id)) return;
        this.#writerNow().end.send({ kind: "mutation", id: ran.id, call: waiting.call });
      }, wait);
      return;
    }
    this.#mutations.delete(ran.id);
    const table = outcome.table === null ? "" : ` "${outcome.table}"`;
    waiting.reject(
      new LaneError(
        "OptimisticConcurrencyControlFailure",
        `Documents read from or written to the${table} table changed while this mutation was being run and on every subsequent retry. See https://docs.convex.dev/error#1`,
      ),
    );
  }

  action(call: Parameters<Lanes["action"]>[0], host: Parameters<Lanes["action"]>[1]) {
    return this.#actions.run(call, host);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const reader of this.#readers)
      if (reader.idleTimer !== null) this.#timers.clearTimeout(reader.idleTimer);
    await this.#actions.close();
    await Promise.all([this.#writer?.end.close(), ...this.#readers.map(({ end }) => end.close())]);
    this.#writer?.port.close();
    for (const one of this.#mutations.values()) one.reject(closed());
    for (const { waiting } of this.#readers) for (const one of waiting.values()) one.reject(closed());
  }
}

/** Milliseconds to wait before attempt `n` (1, 2, …) of those that wait: between half and all of its turn. */
export function backOff(n: number, random: LaneSeams["random"]): number {
  const turn = Math.min(FIRST_WAIT * 2 ** (n - 1), LONGEST_WAIT);
  return turn * (0.5 + random.bytes(1)[0]! / 510);
}

function closed(): LaneError {
  return new LaneError("BackendIsNotRunning", "The backend is shutting down.");
}

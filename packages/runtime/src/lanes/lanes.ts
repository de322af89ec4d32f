import { availableParallelism } from "node:os";
import type { Engine, SnapshotReader } from "@tandem/engine";
import { type ActionLimits, ActionRunner, DEFAULT_ACTION_LIMITS } from "../actions/index.ts";
import { type PreparedVersion, prepareVersion } from "../modules/prepare_version.ts";
import type { DatabaseThread } from "./database_thread.ts";
import {
  type Environment,
  LaneError,
  type Lanes,
  type MutationCall,
  type MutationOutcome,
  type QueryCall,
  type QueryOutcome,
} from "./lane.ts";
import { inProcessLane, readLaneThread } from "./lane_ends.ts";
import type { FromLane, LaneEnd, ToLane } from "./lane_host.ts";
import { openReadLane } from "./lane_messages.ts";
import type { LaneSeams, LaneSettings } from "./lane_parts.ts";
import { systemSeams } from "./system_seams.ts";
import { type LaneTimers, WriteSide } from "./write_side.ts";

/** Where lanes run: in threads, over the database that has one of its own, or in this one over its store. */
export type LaneStore =
  | { readonly kind: "threads"; readonly path: string; readonly thread: DatabaseThread }
  | { readonly kind: "shared"; readonly reader: SnapshotReader };

export interface LanesParts {
  readonly engine: Engine;
  readonly store: LaneStore;
  readonly settings: LaneSettings;
  readonly actions?: Partial<ActionLimits>;
  readonly clock?: LaneSeams["clock"];
  readonly random?: LaneSeams["random"];
  readonly timers?: LaneTimers;
  /** Threads that run queries. Default: one less than the machine has processors, 1 to 4. */
  readonly readLanes?: number;
  /** After so many idle milliseconds a read lane's thread ends. Default 60 000. */
  readonly idle?: number;
}

const MOST_WAITING = 8;

interface WaitingQuery {
  readonly call: QueryCall;
  readonly resolve: (outcome: QueryOutcome) => void;
  readonly reject: (error: LaneError) => void;
}

interface WaitingMutation {
  readonly resolve: (outcome: MutationOutcome) => void;
  readonly reject: (error: LaneError) => void;
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
  #writer: LaneEnd | null = null;
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
    this.#settings = parts.settings;
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
    if (this.#isClosed) throw closed();
    // Threads get ready while the version is being prepared here: the first call shall find them so.
    const end = this.#writerNow();
    if (this.#readers.length === 0) this.#rest(this.#openReader());
    const prepared = await prepareVersion(version);
    if (this.#isClosed) throw closed();
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
    this.#writer?.send(message);
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
      if (message.kind === "outcome") return;
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
    const { store } = this.#parts;
    const end =
      store.kind === "threads"
        ? readLaneThread({ path: store.path, settings: this.#settings }, answer, died)
        : inProcessLane(openReadLane(store.reader, this.#settings, this.#seams, answer));
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
      this.#mutations.set(id, { resolve, reject });
      this.#writerNow().send({ kind: "mutation", id, call });
    });
  }

  #writerNow(): LaneEnd {
    if (this.#writer === null) {
      this.#writer = this.#openWriter();
      this.#introduce(this.#writer);
    }
    return this.#writer;
  }

  #openWriter(): LaneEnd {
    const { engine, store } = this.#parts;
    const answer = (message: FromLane) => this.#written(message);
    if (store.kind === "threads") {
      const end = store.thread.openLane(answer, (error) => this.#writerDied(error));
      end.send({ kind: "open" });
      return end;
    }
    return new WriteSide({
      database: engine,
      reader: store.reader,
      settings: this.#settings,
      seams: this.#seams,
      timers: this.#timers,
      answer,
    });
  }

  #written(message: FromLane): void {
    if (message.kind === "loaded") {
      this.#loading.get(message.id)?.();
      this.#loading.delete(message.id);
      return;
    }
    if (message.kind === "result") return;
    const waiting = this.#mutations.get(message.id);
    this.#mutations.delete(message.id);
    if (message.kind === "outcome") waiting?.resolve(message.outcome);
    else waiting?.reject(new LaneError(message.code, message.message));
  }

  /** The database has stopped with it: there is no other writer to open. */
  #writerDied(error: LaneError): void {
    for (const one of this.#mutations.values()) one.reject(error);
    this.#mutations.clear();
    for (const done of this.#loading.values()) done();
    this.#loading.clear();
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
    await Promise.all([this.#writer?.close(), ...this.#readers.map(({ end }) => end.close())]);
    for (const one of this.#mutations.values()) one.reject(closed());
    for (const { waiting } of this.#readers) for (const one of waiting.values()) one.reject(closed());
  }
}

function closed(): LaneError {
  return new LaneError("BackendIsNotRunning", "The backend is shutting down.");
}

import {
  type CatalogImage,
  type DatabaseReader,
  type DatabaseWriter,
  type Engine,
  type LanePort,
  LaneView,
  type PlainRows,
  type SnapshotReader,
} from "@tandem/engine";
import { convexToJson, jsonToConvex, type Value } from "@tandem/values";
import {
  type ActionCall,
  type ActionHost,
  type ActionOutcome,
  type FunctionCall,
  type FunctionResult,
  type Identity,
  LaneError,
  type Lanes,
  type MutationCall,
  type MutationOutcome,
  type QueryCall,
  type QueryOutcome,
  type Usage,
} from "../lanes/lane.ts";

/** A function of the simulation: plain code in this process, in the place of a user's. */
export type PlainFunction =
  | {
      readonly kind: "query";
      /** Its result is then treated as one that grows stale with time. */
      readonly looksAtClock?: boolean;
      readonly run: (db: DatabaseReader, args: PlainArgs, who: () => Identity) => Value;
    }
  | {
      readonly kind: "mutation";
      readonly run: (db: DatabaseWriter, args: PlainArgs, who: () => Identity) => Value;
    };

export type PlainArgs = { readonly [name: string]: Value | undefined };

export interface PlainLanesParts {
  readonly engine: Engine;
  /** The engine's own, or that of an engine with a planted bug. */
  readonly laneView?: typeof LaneView;
  readonly reader: SnapshotReader;
  /** By canonical path, `mod.js:fn`. */
  readonly functions: ReadonlyMap<string, PlainFunction>;
  readonly clock: { now(): number };
  readonly random: { bytes(length: number): Uint8Array };
  /** Lets others go on between a call and its run: the simulation decides for how long. */
  readonly pause: () => Promise<void>;
}

const NO_USAGE: Usage = {
  documentsRead: 0,
  bytesRead: 0,
  documentsWritten: 0,
  bytesWritten: 0,
  databaseQueries: 0,
  userTime: 0,
  memoryMegabytes: 0,
};

const ONCE_TABLE = "_session_requests";

/** Lanes that run plain functions, with the same transactions, overlays and refusals as the ones with isolates. */
export class PlainLanes implements Lanes {
  readonly #parts: PlainLanesParts;
  readonly #view: LaneView;
  readonly #port: LanePort;

  constructor(parts: PlainLanesParts) {
    this.#parts = parts;
    const { engine, reader } = parts;
    this.#view = new (parts.laneView ?? LaneView)(reader, {
      durable: engine.durable,
      catalog: engine.catalog as CatalogImage,
    });
    this.#port = engine.openLane((news) => this.#view.apply(news));
  }

  async load(): Promise<void> {}

  async setEnvironment(): Promise<void> {}

  retire(): void {}

  async query(call: QueryCall): Promise<QueryOutcome> {
    await this.#parts.pause();
    const code = this.#parts.functions.get(call.path);
    const snapshot = this.#parts.engine.snapshot({ at: call.at });
    let usedIdentity = false;
    const who = () => {
      usedIdentity = true;
      return call.identity;
    };
    const result = this.#result(call, (code, args) => {
      if (code.kind !== "query") {
        throw new Error(`Trying to execute ${call.path} as Query, but it is defined as Mutation.`);
      }
      return code.run(snapshot, args, who);
    });
    return {
      result,
      logs: [],
      usage: NO_USAGE,
      reads: [...snapshot.reads],
      journal: null,
      usedIdentity,
      usedTime: code?.kind === "query" && code.looksAtClock === true,
      usedRandom: false,
    };
  }

  async mutation(call: MutationCall): Promise<MutationOutcome> {
    for (;;) {
      await this.#parts.pause();
      const tx = this.#view.begin({
        begin: this.#parts.clock.now() * 1000,
        random: this.#parts.random,
        system: true,
      });
      const stored = storedResult(tx, call);
      const result =
        stored ??
        this.#result(call, (code, args) => {
          if (code.kind !== "mutation") {
            throw new Error(`Trying to execute ${call.path} as Mutation, but it is defined as Query.`);
          }
          return code.run(tx, args, () => call.identity);
        });
      if (result.kind === "error") {
        this.#view.abandon();
        return { result, logs: [], usage: NO_USAGE, ts: null };
      }
      if (stored === null && call.once !== null) {
        tx.putRow(ONCE_TABLE, onceId(call.once), result.value);
      }
      const outcome = await this.#port.submit(this.#view.finish(tx)).catch((error: unknown) => {
        throw asLaneError(error);
      });
      if (outcome.kind === "committed") {
        return { result, logs: [], usage: NO_USAGE, ts: outcome.ts };
      }
    }
  }

  async action(_call: ActionCall, _host: ActionHost): Promise<ActionOutcome> {
    throw new Error("The simulation has no actions: they are outside of transactions.");
  }

  async close(): Promise<void> {
    this.#port.close();
  }

  #result(call: FunctionCall, run: (code: PlainFunction, args: PlainArgs) => Value): FunctionResult {
    const code = this.#parts.functions.get(call.path);
    if (code === undefined) {
      return { kind: "error", message: `Could not find public function for '${call.path}'.` };
    }
    try {
      const value = run(code, jsonToConvex(JSON.parse(call.args)) as PlainArgs);
      return { kind: "value", value: JSON.stringify(convexToJson(value)) };
    } catch (error) {
      return { kind: "error", message: `Uncaught Error: ${(error as Error).message}` };
    }
  }
}

/** The store's trouble in the words of lanes; by name, since it may come from another build of the engine. */
function asLaneError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "StoreFailedError") return new LaneError("StoreFailed", error.message);
  if (error.name === "EngineClosedError") return new LaneError("BackendIsNotRunning", error.message);
  return error;
}

function storedResult(rows: PlainRows, call: MutationCall): FunctionResult | null {
  if (call.once === null) {
    return null;
  }
  const row = rows.getRow(ONCE_TABLE, onceId(call.once));
  if (row instanceof Promise) {
    throw new Error("The simulation reads its store synchronously.");
  }
  return row === null ? null : { kind: "value", value: row };
}

function onceId(once: { sessionId: string; requestId: number }): string {
  return `${once.sessionId}:${once.requestId}`;
}

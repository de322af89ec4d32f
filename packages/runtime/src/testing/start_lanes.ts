import { type Engine, MemoryMedium, openEngine, openSqliteReader, type SnapshotReader } from "@tandem/engine";
import { analyzeModules } from "../functions/analyze.ts";
import type {
  FunctionResult,
  Lanes,
  LogLine,
  MutationCall,
  MutationOutcome,
  QueryOutcome,
} from "../lanes/lane.ts";
import { openLanes } from "../lanes/lanes.ts";
import { type FunctionSettings, laneSettings, openDatabase } from "../lanes/open_database.ts";
import { systemSeams } from "../lanes/system_seams.ts";
import { bundleFunctions, type ConvexPackage } from "./bundle_functions.ts";

/** Lanes over an empty database with the functions of one push, ready to be called. */
export interface RunningLanes {
  readonly engine: Engine;
  readonly lanes: Lanes;
  /** What the engine's store holds, for tests that open a lane of their own. */
  readonly reader: SnapshotReader;
  query(
    path: string,
    args?: object,
    more?: Partial<MutationCall> & { journal?: string | null },
  ): Promise<QueryOutcome>;
  mutation(path: string, args?: object, more?: Partial<MutationCall>): Promise<MutationOutcome>;
  /** The value, or an error with the message. */
  value(path: string, args?: object): Promise<unknown>;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly convex?: ConvexPackage;
  /** A file: then lanes run in threads. */
  readonly sqlite?: string;
  readonly limits?: FunctionSettings["limits"];
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startLanes(
  files: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Promise<RunningLanes> {
  const { engine, lanes, reader, closeReader } = await open(options);
  const modules = await bundleFunctions(files, options.convex);
  const phase = { variables: options.environment ?? {}, importClock: 1_700_000_000_000, importSeed: "5eed" };
  const analysis = await analyzeModules(modules, phase);
  await lanes.setEnvironment({ id: "e1", variables: phase.variables });
  await lanes.load({ id: "v1", modules, analysis, ...phase });
  const call = (path: string, args: object) => ({
    version: "v1",
    environment: "e1",
    path: path.replace(/^([^:]*):/, "$1.js:"),
    args: JSON.stringify(args),
    identity: null,
    requestId: "0123456789abcdef",
    internal: false,
  });
  const running: RunningLanes = {
    engine,
    lanes,
    reader,
    query: (path, args = {}, more = {}) =>
      lanes.query({ journal: null, ...call(path, args), ...more, at: engine.durable }),
    mutation: (path, args = {}, more = {}) => lanes.mutation({ once: null, ...call(path, args), ...more }),
    async value(path, args = {}) {
      const kind = analysis
        .find((module) => path.startsWith(`${module.path.replace(/\.js$/, "")}:`))
        ?.functions.find((one) => path.endsWith(`:${one.name}`))?.kind;
      const { result } = await (kind === "mutation"
        ? running.mutation(path, args)
        : running.query(path, args));
      return resultValue(result);
    },
    async close() {
      await lanes.close();
      closeReader();
      await engine.close();
    },
  };
  return running;
}

async function open({ sqlite, limits }: StartOptions) {
  const parts = {
    ...systemSeams(),
    timers: {
      setTimeout: (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref(),
      clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
    },
    fatal: (error: unknown) => {
      throw error;
    },
  };
  const functions = { instanceSecret: "test secret", ...(limits === undefined ? {} : { limits }) };
  if (sqlite !== undefined) {
    const opened = await openDatabase({ ...parts, path: sqlite, functions });
    const reader = openSqliteReader(sqlite);
    return { ...opened, reader, closeReader: () => reader.close() };
  }
  const reader = new MemoryMedium().open();
  const engine = await openEngine({ ...parts, persistence: reader });
  const lanes = await openLanes({
    engine,
    store: { kind: "shared", reader },
    settings: laneSettings(functions),
  });
  return { engine, lanes, reader, closeReader: () => {} };
}

export function resultValue(result: FunctionResult): unknown {
  if (result.kind === "error") throw new Error(result.message);
  return JSON.parse(result.value);
}

export type { LogLine };

import {
  DEFAULT_LIMITS,
  type Engine,
  type EngineSettings,
  openEngineOver,
  REMEMBERED,
  type TransactionLimits,
} from "@tandem/engine";
import type { ActionLimits } from "../actions/index.ts";
import { DEFAULT_ISOLATE_LIMITS, type IsolateLimits } from "../isolate/limits.ts";
import { DatabaseThread } from "./database_thread.ts";
import type { Lanes } from "./lane.ts";
import type { LaneSettings } from "./lane_parts.ts";
import { openLanes } from "./lanes.ts";

export interface FunctionSettings {
  readonly limits?: Partial<IsolateLimits>;
  /** What one query or mutation may read and write. */
  readonly transactions?: TransactionLimits;
  /** What cursors are sealed with. */
  readonly instanceSecret: string;
  readonly deploymentName?: string;
}

export interface DatabaseParts extends EngineSettings {
  readonly functions: FunctionSettings;
  /** The SQLite file; it and its folder are created when they are missing. */
  readonly path: string;
  readonly actions?: Partial<ActionLimits>;
  /** Threads that run queries. Default: one less than the machine has processors, 1 to 4. */
  readonly readLanes?: number;
}

export function laneSettings(given: FunctionSettings): LaneSettings {
  return {
    limits: { ...DEFAULT_ISOLATE_LIMITS, ...given.limits },
    transactions: given.transactions ?? DEFAULT_LIMITS,
    instanceSecret: given.instanceSecret,
    deploymentName: given.deploymentName ?? "tandem",
  };
}

/**
 * Opens the database at `path` in a thread of its own, with what runs functions over it. Close the lanes first, then
 * the engine. Throws a `StoreError` with the code `IN_USE`, `NEWER_FORMAT` or `NOT_A_STORE`, with nothing written.
 */
export async function openDatabase(parts: DatabaseParts): Promise<{ engine: Engine; lanes: Lanes }> {
  const { path, clock, random, timers } = parts;
  const settings = laneSettings(parts.functions);
  const thread = new DatabaseThread({ path, settings, window: REMEMBERED });
  try {
    const engine = await openEngineOver(parts, thread.database.store, thread.database.openCommits);
    const lanes = await openLanes({
      engine,
      store: { kind: "threads", path, thread },
      settings,
      clock,
      random,
      timers,
      ...(parts.actions === undefined ? {} : { actions: parts.actions }),
      ...(parts.readLanes === undefined ? {} : { readLanes: parts.readLanes }),
    });
    return { engine, lanes };
  } catch (error) {
    await thread.database.store.close();
    throw error;
  }
}

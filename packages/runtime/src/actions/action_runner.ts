import type { Timers } from "@tandem/engine";
import type { ValidatorTables } from "@tandem/values";
import type ivm from "isolated-vm";
import { type SourceMaps, sourceMapsOf } from "../isolate/stack_traces/index.ts";
import {
  type ActionCall,
  type ActionHost,
  type ActionOutcome,
  type Environment,
  type FunctionsVersion,
  LaneError,
} from "../lanes/lane.ts";
import { type ActionLimits, DEFAULT_ACTION_LIMITS } from "./action_limits.ts";
import { type ActionRealm, createActionRealm, createActionSnapshot } from "./action_realm.ts";
import { checkActionCall, checkActionResult } from "./check_call.ts";
import { Permits } from "./permits.ts";
import { type ActionWorld, RunningAction } from "./running_action.ts";

export interface ActionRunnerParts extends ActionWorld {
  readonly limits?: Partial<ActionLimits>;
  /** Table names and numbers, for `v.id` in the arguments of actions. */
  readonly tables: () => ValidatorTables;
  readonly timers: Timers;
}

interface Spare {
  readonly realm: ActionRealm;
  /** Who hears when V8 gives up on the isolate. */
  owner: RunningAction | null;
}

/**
 * Runs actions, each in an isolate of its own, on threads of their own: neither the event loop nor another action
 * waits for one. An action that exceeds its limits dies alone.
 */
export class ActionRunner {
  readonly #parts: ActionRunnerParts;
  readonly #limits: ActionLimits;
  readonly #permits: Permits;
  readonly #versions = new Map<string, { version: FunctionsVersion; maps: SourceMaps }>();
  readonly #environments = new Map<string, string>();
  readonly #running = new Map<RunningAction, Promise<unknown>>();
  #spares: Promise<Spare>[] = [];
  #snapshot: Promise<ivm.ExternalCopy<ArrayBuffer>> | null = null;
  #isClosed = false;

  constructor(parts: ActionRunnerParts) {
    this.#parts = parts;
    this.#limits = { ...DEFAULT_ACTION_LIMITS, ...parts.limits };
    this.#permits = new Permits(this.#limits.concurrency, this.#limits.patience, parts.timers);
  }

  load(version: FunctionsVersion): void {
    this.#versions.set(version.id, { version, maps: sourceMapsOf(version.modules) });
  }

  setEnvironment(environment: Environment): void {
    // An environment that comes back is the newest again.
    this.#environments.delete(environment.id);
    this.#environments.set(environment.id, JSON.stringify(environment.variables));
    // The newest two: a call may have been made just before the change.
    while (this.#environments.size > 2) this.#environments.delete(this.#environments.keys().next().value!);
  }

  retire(versionId: string): void {
    this.#versions.delete(versionId);
  }

  /** @throws LaneError when the system cannot run it; what the function does wrong is in the outcome. */
  async run(call: ActionCall, host: ActionHost): Promise<ActionOutcome> {
    this.#refuseIfClosed();
    const loaded = this.#versions.get(call.version);
    if (loaded === undefined) {
      throw new LaneError("BackendIsNotRunning", `The functions version "${call.version}" is not loaded.`);
    }
    const environment = this.#environments.get(call.environment);
    if (environment === undefined) {
      throw new LaneError("BackendIsNotRunning", `The environment "${call.environment}" is not loaded.`);
    }
    const checked = checkActionCall(call, loaded.version, this.#parts.tables());
    if (checked.kind === "error") return { result: checked, logs: [], usage: nothingUsed };
    await this.#permits.take();
    try {
      return await this.#execute(call, host, loaded, environment, checked);
    } finally {
      this.#permits.give();
    }
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw new LaneError("BackendIsNotRunning", "The backend is shutting down.");
  }

  async #execute(
    call: ActionCall,
    host: ActionHost,
    { version, maps }: { version: FunctionsVersion; maps: SourceMaps },
    environment: string,
    called: Exclude<ReturnType<typeof checkActionCall>, { kind: "error" }>,
  ): Promise<ActionOutcome> {
    // It may have waited for its turn, and now for its isolate.
    this.#refuseIfClosed();
    const spare = await (this.#spares.shift() ?? this.#make());
    if (this.#isClosed) spare.realm.isolate.dispose();
    this.#refuseIfClosed();
    this.#refill();
    const action = new RunningAction(spare.realm, call, host, this.#parts, this.#limits, maps);
    spare.owner = action;
    const ended = action.run(version, environment, (value) =>
      checkActionResult(call.path, called, value, this.#parts.tables()),
    );
    this.#running.set(action, ended);
    try {
      return await ended;
    } finally {
      this.#running.delete(action);
    }
  }

  #refill(): void {
    while (!this.#isClosed && this.#spares.length < this.#limits.spare) {
      const spare = this.#make();
      // Whoever takes it hears of it.
      spare.catch(() => undefined);
      this.#spares.push(spare);
    }
  }

  async #make(): Promise<Spare> {
    this.#snapshot ??= createActionSnapshot();
    const slot: { spare: Spare | null } = { spare: null };
    const realm = await createActionRealm(await this.#snapshot, this.#limits.memory, () =>
      slot.spare?.owner?.broke(),
    );
    slot.spare = { realm, owner: null };
    return slot.spare;
  }

  /** Stops running actions, which may go on for half an hour, and lets go of everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const action of this.#running.keys()) action.shutDown();
    await Promise.allSettled(this.#running.values());
    const spares = this.#spares;
    this.#spares = [];
    for (const made of await Promise.allSettled(spares)) {
      if (made.status === "fulfilled") made.value.realm.isolate.dispose();
    }
  }
}

const nothingUsed = {
  documentsRead: 0,
  bytesRead: 0,
  documentsWritten: 0,
  bytesWritten: 0,
  databaseQueries: 0,
  userTime: 0,
  memoryMegabytes: 0,
};

import type { Transaction, TransactionLimits } from "@tandem/engine";
import { AGAIN, type CallResult, FunctionRunner } from "../functions/call.ts";
import { LoadedVersion } from "../functions/loaded_version.ts";
import { type RealmSnapshot, realmSnapshot } from "../isolate/isolate.ts";
import type { PreparedVersion } from "../modules/prepare_version.ts";
import { type CallTree, Cursors } from "../syscalls/index.ts";
import { type Environment, type FunctionCall, LaneError, type Usage } from "./lane.ts";
import type { LaneSeams, LaneSettings } from "./lane_parts.ts";

/** What read and write lanes have in common; knows nothing of threads. */
export class LaneCore {
  readonly runner: FunctionRunner;
  readonly #seams: LaneSeams;
  readonly #settings: LaneSettings;
  readonly #cursors: Cursors;
  readonly #versions = new Map<string, LoadedVersion>();
  readonly #environments = new Map<string, string>();

  static async open(settings: LaneSettings, seams: LaneSeams): Promise<LaneCore> {
    return new LaneCore(await realmSnapshot(), settings, seams);
  }

  constructor(snapshot: RealmSnapshot, settings: LaneSettings, seams: LaneSeams) {
    this.#seams = seams;
    this.#settings = settings;
    this.#cursors = new Cursors(settings.instanceSecret);
    this.runner = new FunctionRunner(snapshot, settings.limits, {
      elapsed: () => performance.now(),
      nowMilliseconds: () => Math.floor(seams.clock.nowMicroseconds() / 1000),
      randomBytes: (count) => seams.random.bytes(count),
    });
  }

  /** What one query or mutation may read and write. */
  get transactions(): TransactionLimits {
    return this.#settings.transactions;
  }

  load(version: PreparedVersion): void {
    this.#versions.set(version.id, new LoadedVersion(version));
  }

  setEnvironment(environment: Environment): void {
    this.#environments.set(environment.id, JSON.stringify(environment.variables));
    // The newest few: calls may have been made just before the change.
    while (this.#environments.size > 4) this.#environments.delete(this.#environments.keys().next().value!);
  }

  retire(versionId: string): void {
    this.#versions.delete(versionId);
    this.runner.retire(versionId);
  }

  version(id: string): LoadedVersion {
    const version = this.#versions.get(id);
    if (version === undefined) {
      throw new LaneError("BackendIsNotRunning", `The functions version "${id}" is not loaded.`);
    }
    return version;
  }

  tree(call: FunctionCall, journal: string | null): CallTree {
    return {
      identity: call.identity,
      requestId: call.requestId,
      cursors: this.#cursors,
      deployment: { name: this.#settings.deploymentName },
      usedIdentity: false,
      journal: null,
      previousJournal: journal,
      hasPaginated: false,
    };
  }

  /** Runs a call in `tx`; {@link AGAIN} asks for a new transaction and tree. */
  run(kind: "query" | "mutation", call: FunctionCall, tx: Transaction, tree: CallTree) {
    const environment = this.#environments.get(call.environment);
    if (environment === undefined) {
      throw new LaneError("BackendIsNotRunning", `The environment "${call.environment}" is not loaded.`);
    }
    return this.runner.run({
      version: this.version(call.version),
      environment,
      path: call.path,
      kind,
      args: call.args,
      internal: call.internal,
      tree,
      tx,
      now: Math.floor(this.#seams.clock.nowMicroseconds() / 1000),
    });
  }
}

export function usageOf(tx: Transaction, result: CallResult): Usage {
  return { ...tx.usage.used, userTime: result.userTime, memoryMegabytes: result.memoryMegabytes };
}

export { AGAIN };

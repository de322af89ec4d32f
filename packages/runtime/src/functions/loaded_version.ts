import { type CompiledValidator, compileValidator } from "@tandem/values";
import { type SourceMaps, sourceMapsOf } from "../isolate/stack_traces/index.ts";
import type { AnalyzedFunction } from "../lanes/lane.ts";
import { type PreparedVersion, spreadWays, type Way } from "../modules/prepare_version.ts";
import { displayFunctionPath } from "./function_path.ts";

/** A function as it is looked up for a call. */
export interface CallableFunction extends AnalyzedFunction {
  /** `dir/mod.js` */
  readonly module: string;
  /** `dir/mod:fn` */
  readonly displayName: string;
  readonly checkArgs: CompiledValidator | null;
  readonly checkReturns: CompiledValidator | null;
}

/** A version in a lane: its functions at hand, and what the lane has learned about its modules. */
export class LoadedVersion {
  prepared: PreparedVersion;
  readonly maps: SourceMaps;
  readonly #functions = new Map<string, CallableFunction>();
  /** Entries whose shared modules are evaluated and frozen in `#sharedIn`. */
  readonly #shared = new Set<string>();
  #sharedIn: object | null = null;
  #ways: Map<string, Way> | null = null;

  constructor(prepared: PreparedVersion) {
    this.prepared = prepared;
    this.maps = sourceMapsOf(prepared.maps);
    for (const { path, functions } of prepared.analysis) {
      if (path.startsWith("_deps/")) continue;
      for (const one of functions) {
        this.#functions.set(`${path}:${one.name}`, {
          ...one,
          module: path,
          displayName: displayFunctionPath(`${path}:${one.name}`),
          checkArgs: one.args.type === "any" ? null : compileValidator(one.args),
          checkReturns: one.returns === null ? null : compileValidator(one.returns),
        });
      }
    }
  }

  /** By canonical path, `dir/mod.js:fn`. */
  function(path: string): CallableFunction | undefined {
    return this.#functions.get(path);
  }

  wayOf(path: string): Way {
    this.#ways ??= new Map(this.prepared.modules.map((module) => [module.path, module.way]));
    return this.#ways.get(path) ?? "shared";
  }

  /** Are the shared modules that the entry needs evaluated and frozen in this realm? */
  isSharedIn(realm: object, entry: string): boolean {
    return this.#sharedIn === realm && this.#shared.has(entry);
  }

  /** Has the realm evaluated nothing of this version since the ways changed? */
  isNewTo(realm: object): boolean {
    return this.#sharedIn !== realm || this.#shared.size === 0;
  }

  /** Notes that the entry's shared modules are evaluated and frozen in this realm, and in no other. */
  sharedIn(realm: object, entry: string): void {
    if (this.#sharedIn !== realm) this.#shared.clear();
    this.#sharedIn = realm;
    this.#shared.add(entry);
  }

  /** The module and all that it needs. */
  graphOf(path: string): Set<string> {
    const found = new Set<string>();
    const pending = [path];
    while (pending.length > 0) {
      const next = pending.pop()!;
      if (found.has(next)) continue;
      found.add(next);
      const module = this.prepared.modules.find((one) => one.path === next);
      if (module !== undefined) pending.push(...Object.values(module.links));
    }
    return found;
  }

  /** Moves modules down to another way, and with them all that import them. */
  moveDown(paths: ReadonlySet<string>, way: Way): void {
    const modules = this.prepared.modules.map((module) =>
      paths.has(module.path) && module.way !== "fresh" ? { ...module, way } : module,
    );
    this.prepared = { ...this.prepared, modules: spreadWays(modules) };
    this.#shared.clear();
    this.#ways = null;
  }

  /**
   * A call of `entry` wrote to something frozen while code of `culprit` ran. Answers false when no way is left
   * to move down to.
   */
  writesToFrozen(entry: string, culprit: string | null): boolean {
    if (this.wayOf(entry) === "fresh") return false;
    if (culprit !== null && this.wayOf(culprit) === "shared") {
      this.moveDown(new Set([culprit]), "reevaluated");
      return true;
    }
    const graph = this.graphOf(entry);
    if ([...graph].some((path) => this.wayOf(path) === "shared")) this.moveDown(graph, "reevaluated");
    else this.moveDown(new Set([entry]), "fresh");
    return true;
  }
}

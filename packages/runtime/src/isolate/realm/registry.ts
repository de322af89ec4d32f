/** Inside the isolate: the modules of the versions that this realm knows, and their instances. */
import { harden, stopWatching, UnfreezableError, watchHiddenReferences } from "./harden.ts";

export type Exports = Record<string, unknown>;
export interface Instance {
  readonly module: { exports: Exports };
}

/** What the instrumentation of a module speaks to (`modules/instrument.ts`). */
export interface Tracker {
  on: boolean;
  /** A scope with captured variables was entered; `unstable` when an inner function reassigns one of them. */
  f(unstable: 0 | 1, captured: readonly (() => unknown)[]): void;
  /** A generator, an async function or an object with changing private fields was started. */
  g(what: string): void;
}

export type Factory = (
  module: { exports: Exports },
  exports: Exports,
  require: (specifier: string) => Exports,
  tracker: Tracker,
  global: object,
  self: object,
) => void;

export interface ModuleRecord {
  readonly path: string;
  readonly links: Readonly<Record<string, string>>;
  /** Evaluated once and frozen, not for each call. */
  readonly shared: boolean;
  readonly factory: Factory;
}

/** Why a module that was to be shared cannot be. */
export interface Disproof {
  readonly path: string;
  readonly reason: string;
}

/** What is being evaluated, innermost last: evaluation is what a disproof is blamed on. */
const evaluating: { path: string; roots: (readonly (() => unknown)[])[] }[] = [];
let disproofs: Disproof[] = [];

function blame(reason: string): void {
  const top = evaluating[evaluating.length - 1];
  if (top !== undefined) disproofs.push({ path: top.path, reason });
}

const tracker: Tracker = {
  on: false,
  f(unstable, captured) {
    if (unstable === 1) blame("a variable that a function captured is reassigned");
    evaluating[evaluating.length - 1]?.roots.push(captured);
  },
  g(what) {
    blame(what);
  },
};

export class Version {
  readonly records = new Map<string, ModuleRecord>();
  readonly #shared = new Map<string, Instance>();
  /** What entries keep that ask for it (`experimental_reuseContext`, R §2.1). */
  readonly kept = new Map<string, { readonly instances: Map<string, Instance>; readonly global: object }>();
  /** Milliseconds since the epoch: when it was pushed. */
  readonly importClock: number;
  readonly #beforeEvaluation: (path: string) => void;
  readonly #beforeRequire: () => void;

  /** `beforeRequire` may throw: nothing is imported while a function runs. */
  constructor(importClock: number, beforeEvaluation: (path: string) => void, beforeRequire: () => void) {
    this.importClock = importClock;
    this.#beforeEvaluation = beforeEvaluation;
    this.#beforeRequire = beforeRequire;
  }

  /**
   * Evaluates and freezes the shared modules that `path` needs, as far as that has not been done. Answers why
   * some of them cannot be shared: then none of the answer's modules may be used as shared in this realm.
   */
  share(path: string): Disproof[] {
    disproofs = [];
    watchHiddenReferences();
    tracker.on = true;
    try {
      this.#share(path, new Set());
    } finally {
      tracker.on = false;
      evaluating.length = 0;
      stopWatching();
    }
    return disproofs;
  }

  #share(path: string, seen: Set<string>): void {
    if (seen.has(path)) return;
    seen.add(path);
    const record = this.#record(path);
    if (record.shared) this.#instance(path, this.#shared, globalThis);
    else for (const link of Object.values(record.links)) this.#share(link, seen);
  }

  /** Is the module evaluated already, and frozen? */
  isShared(path: string): boolean {
    return this.#shared.has(path);
  }

  /** The namespace of a module for one call, whose own instances are kept in `instances`. */
  load(path: string, instances: Map<string, Instance>, global: object): Exports {
    return this.#instance(path, instances, global).module.exports;
  }

  #record(path: string): ModuleRecord {
    const record = this.records.get(path);
    if (record === undefined) throw new Error(`Could not find module "${path}".`);
    return record;
  }

  #instance(path: string, own: Map<string, Instance>, global: object): Instance {
    const record = this.#record(path);
    const instances = record.shared ? this.#shared : own;
    const known = instances.get(path);
    if (known !== undefined) return known;
    const instance: Instance = { module: { exports: {} } };
    instances.set(path, instance);
    const require = (specifier: string): Exports => {
      this.#beforeRequire();
      const link = record.links[specifier];
      if (link === undefined) throw new Error(`Could not resolve "${specifier}" from "${path}".`);
      const inner = this.#instance(link, own, global);
      if (!evaluatingNow(path)) this.#beforeEvaluation(path);
      return inner.module.exports;
    };
    const here = { path, roots: [] };
    evaluating.push(here);
    try {
      this.#beforeEvaluation(path);
      record.factory(instance.module, instance.module.exports, require, tracker, global, global);
    } catch (error) {
      instances.delete(path);
      throw error;
    } finally {
      evaluating.pop();
    }
    if (record.shared && tracker.on) freezeInstance(here, instance);
    return instance;
  }
}

function evaluatingNow(path: string): boolean {
  return evaluating[evaluating.length - 1]?.path === path;
}

function freezeInstance(
  here: { path: string; roots: (readonly (() => unknown)[])[] },
  instance: Instance,
): void {
  const roots: unknown[] = [instance.module.exports];
  for (const captured of here.roots) {
    for (const read of captured) {
      try {
        roots.push(read());
      } catch {
        // Not initialised yet, and nothing assigns it later: then nobody ever reads it.
      }
    }
  }
  try {
    harden(roots);
  } catch (error) {
    if (!(error instanceof UnfreezableError)) throw error;
    disproofs.push({ path: here.path, reason: error.message });
  }
}

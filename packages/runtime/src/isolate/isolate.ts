import "./v8_flags.ts";
import ivm from "isolated-vm";
import type { PreparedVersion } from "../modules/prepare_version.ts";
import { executionScript } from "./execution_script.ts";
import type { IsolateLimits } from "./limits.ts";
import type { ExecutionHost } from "./realm/host.ts";
import { realmFileName } from "./stack_traces/index.ts";
import { realmScript } from "./web/index.ts";

/** A context's heap as it is before any user code: made once per process, some 100 ms. */
export type RealmSnapshot = ivm.ExternalCopy<ArrayBuffer>;

let snapshot: Promise<RealmSnapshot> | undefined;

export function realmSnapshot(): Promise<RealmSnapshot> {
  snapshot ??= Promise.all([realmScript(), executionScript()]).then(([web, execution]) =>
    ivm.Isolate.createSnapshot([
      { code: web, filename: realmFileName },
      { code: execution, filename: realmFileName },
    ]),
  );
  return snapshot;
}

/** What realms ask of the host; set to the running call's by whoever runs one. Must not throw. */
export interface RealmHost extends ExecutionHost {
  /** Operations of the Web APIs: `hostCall` of `web/`. */
  call(operation: string, payload: string): string;
}

/** A function of a realm. */
export type RealmMethod = ivm.Reference<(...parameters: (string | number | boolean)[]) => unknown>;

/** One context in an isolate, ready to run functions of any number of versions. */
export class Realm {
  readonly #context: ivm.Context;
  readonly #web: ivm.Reference<Record<string, unknown>>;
  readonly #methods: Record<string, RealmMethod> = {};
  readonly #versions = new Map<string, Set<string>>();
  #entries = new WeakMap<object, number>();
  #environment = "";
  /** May live on after a call: its language is frozen. */
  readonly isWarm: boolean;
  readonly run: RealmMethod;
  readonly settle: RealmMethod;
  readonly finish: RealmMethod;
  readonly share: RealmMethod;
  readonly inspect: RealmMethod;
  readonly #register: RealmMethod;

  constructor(isolate: ivm.Isolate, host: RealmHost, isWarm: boolean) {
    this.isWarm = isWarm;
    this.#context = isolate.createContextSync();
    const { global } = this.#context;
    const reference = { reference: true } as const;
    const execution = global.getSync("__tandemExecution", reference) as ivm.Reference<
      Record<string, unknown>
    >;
    this.#web = global.getSync("__tandemRealm", reference) as ivm.Reference<Record<string, unknown>>;
    const method = (name: string) => execution.getSync(name, reference) as RealmMethod;
    this.run = method("run");
    this.settle = method("settle");
    this.finish = method("finish");
    this.share = method("share");
    this.inspect = method("inspect");
    this.#register = method("register");
    this.#methods.beginVersion = method("beginVersion");
    this.#methods.entry = method("entry");
    this.#methods.forget = method("forget");
    this.#methods.setEnvironment = this.#web.getSync("setEnvironment", reference) as RealmMethod;
    this.#context.evalClosureSync(
      `__tandemExecution.connect($0, $1, $2, $3); __tandemRealm.connect($4);
       delete globalThis.__tandemRealm; delete globalThis.__tandemExecution;`,
      [
        new ivm.Callback((operation: string, args: string) => host.sync(operation, args)),
        new ivm.Callback((operation: string, args: string) => host.async(operation, args)),
        new ivm.Callback((id: number, outcome: string, looked: number) => host.done(id, outcome, looked)),
        new ivm.Callback(() => host.seed()),
        new ivm.Callback((operation: string, payload: string) => host.call(operation, payload)),
      ],
    );
    if (isWarm) method("freeze").applySync(undefined, []);
  }

  /** Makes `process.env` show these variables: JSON text of an object. */
  setEnvironment(json: string): void {
    if (json === this.#environment) return;
    this.#environment = json;
    this.#methods.setEnvironment!.applySync(undefined, [json]);
  }

  /** Makes the modules of a version known, as far as `path` needs them. Compiles each once per isolate. */
  prepare(version: PreparedVersion, path: string, scripts: FactoryScripts): void {
    let known = this.#versions.get(version.id);
    if (known === undefined) {
      known = new Set();
      this.#versions.set(version.id, known);
      this.#methods.beginVersion!.applySync(undefined, [version.id, version.importClock, version.importSeed]);
    }
    const pending = [path];
    while (pending.length > 0) {
      const next = pending.pop()!;
      if (known.has(next)) continue;
      known.add(next);
      const module = scripts.module(version, next);
      if (module === undefined) continue;
      const factory = scripts.factory(version.id, module.path, module.factory).runSync(this.#context, {
        reference: true,
      }) as ivm.Reference;
      const isShared = this.isWarm && module.way === "shared";
      this.#register.applySync(undefined, [
        version.id,
        module.path,
        JSON.stringify(module.links),
        isShared,
        factory.derefInto({ release: true }),
      ]);
      pending.push(...Object.values(module.links));
    }
  }

  /** The number by which `run` knows a function of a prepared version. `key` stands for it in this version. */
  entry(key: object, versionId: string, path: string, name: string, kind: string): number {
    let number = this.#entries.get(key);
    if (number === undefined) {
      number = this.#methods.entry!.applySync(undefined, [versionId, path, name, kind]) as number;
      this.#entries.set(key, number);
    }
    return number;
  }

  /** A version is not called any more, or its modules are told anew, with other ways. */
  forget(versionId: string): void {
    if (!this.#versions.delete(versionId)) return;
    this.#methods.forget!.applySync(undefined, [versionId]);
    this.#entries = new WeakMap();
  }

  release(): void {
    this.#context.release();
  }
}

/** Compiled factories of one isolate. */
export class FactoryScripts {
  readonly #isolate: ivm.Isolate;
  readonly #scripts = new Map<string, ivm.Script>();
  readonly #modules = new Map<PreparedVersion, Map<string, PreparedVersion["modules"][number]>>();

  constructor(isolate: ivm.Isolate) {
    this.#isolate = isolate;
  }

  module(version: PreparedVersion, path: string): PreparedVersion["modules"][number] | undefined {
    let modules = this.#modules.get(version);
    if (modules === undefined) {
      modules = new Map(version.modules.map((module) => [module.path, module]));
      this.#modules.set(version, modules);
    }
    return modules.get(path);
  }

  factory(versionId: string, path: string, code: string): ivm.Script {
    const key = `${versionId}\n${path}`;
    let script = this.#scripts.get(key);
    if (script === undefined) {
      script = this.#isolate.compileScriptSync(code, { filename: `convex:/${path}` });
      this.#scripts.set(key, script);
    }
    return script;
  }

  retire(versionId: string): void {
    for (const key of this.#scripts.keys()) {
      if (!key.startsWith(`${versionId}\n`)) continue;
      this.#scripts.get(key)!.release();
      this.#scripts.delete(key);
    }
    for (const version of this.#modules.keys()) if (version.id === versionId) this.#modules.delete(version);
  }
}

/**
 * An isolate with a warm realm for most calls, and fresh ones, made ahead, for the calls that need one of their
 * own. User code may end it at any time (memory); then a new one has to be made.
 */
export class Sandbox {
  readonly #isolate: ivm.Isolate;
  readonly #host: RealmHost;
  readonly #limits: IsolateLimits;
  readonly scripts: FactoryScripts;
  #warm: Realm | null = null;
  readonly #fresh: Realm[] = [];

  constructor(snapshot: RealmSnapshot, limits: IsolateLimits, host: RealmHost) {
    this.#isolate = new ivm.Isolate({ memoryLimit: limits.hardHeap, snapshot });
    this.#host = host;
    this.#limits = limits;
    this.scripts = new FactoryScripts(this.#isolate);
  }

  get isDisposed(): boolean {
    return this.#isolate.isDisposed;
  }

  get warm(): Realm {
    this.#warm ??= new Realm(this.#isolate, this.#host, true);
    return this.#warm;
  }

  /** A realm for one call; `release` it afterwards. */
  takeFresh(): Realm {
    return this.#fresh.pop() ?? new Realm(this.#isolate, this.#host, false);
  }

  /** Makes fresh realms ahead: for idle moments. Answers whether there is more to do. */
  fillPool(size: number): boolean {
    if (this.#fresh.length >= size || this.isDisposed) return false;
    this.#fresh.push(new Realm(this.#isolate, this.#host, false));
    return this.#fresh.length < size;
  }

  /** Gives the warm realm up: what it shares is evaluated anew. */
  renewWarm(): void {
    this.#warm?.release();
    this.#warm = null;
  }

  /** Megabytes in use, what the next collection would free included. */
  heapMegabytes(): number {
    const { used_heap_size, externally_allocated_size } = this.#isolate.getHeapStatisticsSync();
    return (used_heap_size + externally_allocated_size) / 1048576;
  }

  /** Whether a call has left more behind than it may, after everything that is garbage was collected. */
  isOverHeapLimit(): boolean {
    return this.heapMegabytes() > this.#limits.heap;
  }

  dispose(): void {
    if (!this.isDisposed) this.#isolate.dispose();
  }
}

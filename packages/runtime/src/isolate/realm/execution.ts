/**
 * Inside the isolate: runs functions. A script of the snapshot, after the web realm's; it leaves one global,
 * `__tandemExecution`, for the host to take away.
 */
import { type Clock, installDeterminism, seedFrom, Xoshiro } from "./determinism.ts";
import { freezeRealm, patchWriters } from "./harden.ts";
import type { ExecutionHost, SyscallFault, WebRealm } from "./host.ts";
import { type Exports, type Factory, type Instance, Version } from "./registry.ts";

const web = (globalThis as unknown as { __tandemRealm: WebRealm }).__tandemRealm;

type Mode = "import" | "query" | "mutation" | "action";

interface Call {
  readonly id: number;
  readonly kind: Mode;
  readonly clock: Clock;
  readonly version: Version;
  mode: Mode;
}

/** A function that the host has named once, to call it by number. */
interface Entry {
  readonly version: Version;
  readonly path: string;
  readonly name: string;
  readonly kind: Mode;
  /** Of a shared module, which is frozen: what is called stays the same. */
  invoke: Invoker | null;
}

type Invoker = (...parameters: string[]) => Promise<string>;

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: unknown) => void;
}

let host: ExecutionHost | null = null;
/** The clock that modules of the running call see while they are evaluated: that of its version's push. */
let importClock = 0;
let isFrozen = false;
const versions = new Map<string, Version>();
const entries: Entry[] = [];
/** The running call; a nested one runs while its caller waits, so that the innermost is always the one that asks. */
let current: Call | null = null;
const suspended: Call[] = [];
let waiting = new Map<number, Waiting>();

const idle: Clock = { now: 0, usedTime: false, usedRandom: false, random: null };

/** The configuration file that is being evaluated, and what it must not look at (R §4.4). */
let refusals: { readonly file: string; readonly clock: boolean } | null = null;

function clock(): Clock {
  if (refusals?.clock === true) {
    throw new Error(
      `The current time cannot be used in ${refusals.file}: what it exports is evaluated once, at the push, and may not depend on when that is.`,
    );
  }
  return current?.clock ?? idle;
}

let importRandom = new Xoshiro(seedFrom(""));

function random(): Xoshiro {
  if (refusals !== null) {
    throw new Error(
      `Random numbers cannot be used in ${refusals.file}: what it exports has to be the same whenever it is evaluated.`,
    );
  }
  const call = current;
  if (call === null || call.mode === "import") return importRandom;
  const state = call.clock;
  state.usedRandom = true;
  state.random ??= new Xoshiro(host!.seed());
  return state.random;
}

/** While modules are evaluated time and chance are those of the push, for each module from its own beginning. */
function beforeEvaluation(path: string, importSeed: string): void {
  importRandom = new Xoshiro(seedFrom(importSeed + path));
}

function faultOf(answer: string): Error & { data?: unknown } {
  const fault = JSON.parse(answer.slice(1)) as SyscallFault;
  const error: Error & { data?: unknown } = new Error(fault.message);
  if (fault.data !== undefined) error.data = fault.data;
  return error;
}

function refuseAtImport(operation: string): void {
  if (current !== null && current.mode !== "import") return;
  throw new Error(
    operation === "1.0/componentArgument"
      ? "Can't use component arguments at import time."
      : operation === "1.0/runUdf" || operation.startsWith("1.0/actions/")
        ? "Can't call functions at import time."
        : "Can't use database at import time.",
  );
}

const EXCLAMATION = 33;
const QUESTION = 63;

const convex = {
  syscall(operation: string, args: string): string {
    refuseAtImport(operation);
    const answer = host!.sync(String(operation), String(args));
    if (answer.charCodeAt(0) === EXCLAMATION) throw faultOf(answer);
    return answer;
  },
  asyncSyscall(operation: string, args: string): Promise<string> {
    try {
      refuseAtImport(operation);
    } catch (error) {
      return Promise.reject(error);
    }
    const answer = host!.async(String(operation), String(args));
    switch (answer.charCodeAt(0)) {
      case EXCLAMATION:
        return Promise.reject(faultOf(answer));
      case QUESTION:
        return new Promise((resolve, reject) => {
          waiting.set(Number(answer.slice(1)), { resolve, reject });
        });
      default:
        return Promise.resolve(answer);
    }
  },
  jsSyscall(operation: string, args: unknown): unknown {
    switch (operation) {
      case "requestFromConvexJson":
        return web.requestFromConvexJson((args as { convexJson: unknown }).convexJson);
      case "convexJsonFromResponse":
        return web.responseToConvexJson((args as { response: unknown }).response);
      case "storage/storeBlob":
        throw forbidden("storage.store()");
      case "storage/getBlob":
        throw forbidden("storage.get()");
      default:
        throw new Error(`Unknown operation ${operation}`);
    }
  },
};

function forbidden(what: string): Error {
  return new Error(
    `Can't use ${what} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
  );
}

const INVOKERS = { query: "invokeQuery", mutation: "invokeMutation", action: "invokeAction" } as const;

function version(id: string): Version {
  const known = versions.get(id);
  if (known === undefined) throw new Error(`The version "${id}" has not begun.`);
  return known;
}

/** A global object of the call's own, over the frozen one; in a fresh realm simply the global object. */
function ownGlobal(): object {
  if (!isFrozen) return globalThis;
  const overlay: object = Object.create(globalThis);
  for (const name of ["globalThis", "self"]) {
    Object.defineProperty(overlay, name, { value: overlay, writable: true, configurable: true });
  }
  return overlay;
}

function begin(id: number, kind: Mode, version: Version): Call {
  importClock = version.importClock;
  const call: Call = {
    id,
    kind,
    version,
    mode: "import",
    clock: { now: importClock, usedTime: false, usedRandom: false, random: null },
  };
  if (current === null) web.begin("import", importClock);
  else {
    suspended.push(current);
    web.enter("import", importClock);
  }
  current = call;
  // What the last call's expressions matched is told by RegExp.$1 and its like.
  /(?:)/.test("");
  return call;
}

function end(call: Call): void {
  if (current !== call) return;
  current = suspended.pop() ?? null;
  if (current === null) return;
  importClock = current.version.importClock;
  web.enter(current.mode, importClock);
}

/** What the host calls of an entry; evaluates what has to be evaluated for each call. */
function invokerOf(entry: Entry): Invoker {
  const { version: loaded, path, name, kind } = entry;
  const isShared = loaded.isShared(path);
  const kept = loaded.kept.get(path) ?? {
    instances: new Map<string, Instance>(),
    global: isShared ? globalThis : ownGlobal(),
  };
  const exports = loaded.load(path, kept.instances, kept.global);
  if (exports.experimental_reuseContext === true) loaded.kept.set(path, kept);
  const found = exports[name] as Record<string, Invoker> | undefined;
  const invoke = found![INVOKERS[kind as "query"]]!.bind(found);
  if (isShared) entry.invoke = invoke;
  return invoke;
}

function doneOf(id: number, clock: Clock, outcome: string): void {
  host!.done(id, outcome, (clock.usedTime ? 1 : 0) | (clock.usedRandom ? 2 : 0));
}

function refuseDynamicImport(): void {
  if (current === null || current.mode === "import" || current.mode === "action") return;
  throw new Error(
    "Can't use dynamic import() in queries and mutations. Import the module at the top of the file.",
  );
}

const execution = {
  connect(
    sync: ExecutionHost["sync"],
    async: ExecutionHost["async"],
    done: ExecutionHost["done"],
    seed: ExecutionHost["seed"],
  ): void {
    host = { sync, async, done, seed };
    web.setRandomSource((length) => random().bytes(length));
  },

  /** Freezes the language and the global object: what a realm that lives on for many calls needs. */
  freeze(): void {
    freezeRealm();
    isFrozen = true;
  },

  beginVersion(id: string, clockAtImport: number, seed: string): void {
    const evaluated = (path: string) => beforeEvaluation(path, seed);
    versions.set(id, new Version(clockAtImport, evaluated, refuseDynamicImport));
  },

  /** A version is not called any more, or told anew. No number of an entry is good afterwards. */
  forget(id: string): void {
    versions.delete(id);
    entries.length = 0;
  },

  register(id: string, path: string, links: string, shared: boolean, factory: Factory): void {
    version(id).records.set(path, {
      path,
      links: JSON.parse(links) as Record<string, string>,
      shared,
      factory,
    });
  },

  /** Answers JSON of `Disproof[]`, or of `{thrown, description}`. */
  share(id: string, path: string): string {
    const shared = version(id);
    const call = begin(-1, "query", shared);
    try {
      return JSON.stringify(shared.share(path));
    } catch (error) {
      return JSON.stringify({ thrown: web.describeError(error) });
    } finally {
      end(call);
    }
  },

  /** Names a function of a version; `run` takes the number. */
  entry(versionId: string, path: string, name: string, kind: Mode): number {
    return entries.push({ version: version(versionId), path, name, kind, invoke: null }) - 1;
  },

  /**
   * Runs an entry. Outermost calls follow each other without a word in between: whatever was left of the last one
   * ends here.
   */
  run(id: number, entryNumber: number, args: string, now: number, isOutermost: boolean): void {
    if (isOutermost) {
      current = null;
      suspended.length = 0;
      if (waiting.size > 0) waiting = new Map();
    }
    const entry = entries[entryNumber]!;
    const { kind } = entry;
    const call = begin(id, kind, entry.version);
    const { clock } = call;
    let result: Promise<string>;
    try {
      const invoke = entry.invoke ?? invokerOf(entry);
      call.mode = kind;
      clock.now = kind === "action" ? null : now;
      clock.usedTime = false;
      web.enter(kind, importClock);
      result = kind === "action" ? invoke("", args) : invoke(args);
    } catch (error) {
      doneOf(id, clock, `-${web.describeError(error)}`);
      return;
    }
    result.then(
      (text) => doneOf(id, clock, `+${text}`),
      (error: unknown) => doneOf(id, clock, `-${web.describeError(error)}`),
    );
  },

  /** The host has taken the outcome of a nested call: its caller is the running call again. */
  finish(id: number): void {
    if (current?.id === id) end(current);
  },

  /** The answer to a syscall that was answered with `?`. */
  settle(id: number, answer: string): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    if (answer.charCodeAt(0) === EXCLAMATION) one.reject(faultOf(answer));
    else one.resolve(answer);
  },

  /**
   * Evaluates a module and answers a description of its exports, or of what it threw. `file` names the
   * configuration file that it is, whose code is refused random numbers, and the clock unless `clockAllowed`; it is
   * empty for a module of functions.
   */
  inspect(versionId: string, path: string, file: string, clockAllowed: boolean): string {
    const inspected = version(versionId);
    const call = begin(-1, "query", inspected);
    try {
      refusals = file === "" ? null : { file, clock: !clockAllowed };
      const exports = inspected.load(path, new Map(), ownGlobal());
      return `+${JSON.stringify(describeExports(exports))}`;
    } catch (error) {
      refusals = null;
      return `-${web.describeError(error)}`;
    } finally {
      refusals = null;
      end(call);
    }
  },
};

/** One exported function, as its builder marked it (R §1.1). */
interface InspectedExport {
  readonly name: string;
  readonly kind: "query" | "mutation" | "action" | "http" | null;
  readonly visibility: "public" | "internal" | null;
  readonly args: string;
  readonly returns: string;
  /** The handler's own text, to find where it stands. */
  readonly handler: string | null;
}

interface Marked {
  isQuery?: boolean;
  isMutation?: boolean;
  isAction?: boolean;
  isHttp?: boolean;
  isRouter?: boolean;
  isCrons?: boolean;
  isPublic?: boolean;
  isInternal?: boolean;
  exportArgs?: () => string;
  exportReturns?: () => string;
  _handler?: unknown;
  getRoutes?: () => readonly (readonly [string, string, Marked])[];
  export?: () => string;
}

function describeExports(exports: Exports) {
  const functions: InspectedExport[] = [];
  for (const name of Object.keys(exports)) {
    const value = exports[name] as Marked | null | undefined;
    if ((typeof value !== "function" && typeof value !== "object") || value === null) continue;
    if (value.isRouter === true || value.isCrons === true) continue;
    const kind = value.isQuery
      ? "query"
      : value.isMutation
        ? "mutation"
        : value.isAction
          ? "action"
          : value.isHttp
            ? "http"
            : null;
    if (kind === null) continue;
    functions.push({
      name,
      kind,
      visibility: value.isPublic === true ? "public" : value.isInternal === true ? "internal" : null,
      args: typeof value.exportArgs === "function" ? value.exportArgs() : '{"type":"any"}',
      returns: typeof value.exportReturns === "function" ? value.exportReturns() : "null",
      handler: typeof value._handler === "function" ? Function.prototype.toString.call(value._handler) : null,
    });
  }
  const main = exports.default as Marked | undefined;
  const hasMain = typeof main === "object" && main !== null;
  let plain: string | null = null;
  try {
    plain = main === undefined || typeof main === "function" ? null : (JSON.stringify(main) ?? null);
  } catch {
    // A default export that JSON cannot hold is nothing that the host reads.
    plain = null;
  }
  return {
    functions,
    names: Object.keys(exports),
    reuseContext: exports.experimental_reuseContext === true,
    routes:
      hasMain && main.isRouter === true && typeof main.getRoutes === "function"
        ? main.getRoutes().map(([path, method, handler]) => ({
            path,
            method,
            handler:
              typeof handler?._handler === "function"
                ? Function.prototype.toString.call(handler._handler)
                : null,
          }))
        : null,
    crons: hasMain && main.isCrons === true && typeof main.export === "function" ? main.export() : null,
    exported: hasMain && typeof main.export === "function" ? exportOf(main) : null,
    plain,
  };
}

function exportOf(main: Marked): string | null {
  const text = main.export!() as unknown;
  return typeof text === "string" ? text : (JSON.stringify(text) ?? null);
}

export type Execution = typeof execution;
export type InspectedModule = ReturnType<typeof describeExports>;

patchWriters();
installDeterminism(clock, random);
Object.defineProperty(globalThis, "Convex", {
  value: Object.freeze(convex),
  writable: false,
  configurable: false,
});
Object.defineProperty(globalThis, "__tandemExecution", { value: execution, configurable: true });

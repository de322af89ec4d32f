import { andThen, type MaybePromise, type Transaction } from "@tandem/engine";
import type { JSONValue } from "@tandem/values";
import { readLogLine } from "../isolate/console/index.ts";
import {
  type Realm,
  type RealmHost,
  type RealmMethod,
  type RealmSnapshot,
  Sandbox,
} from "../isolate/isolate.ts";
import { type IsolateLimits, outOfMemoryText, timeoutText } from "../isolate/limits.ts";
import {
  type ErrorDescription,
  mapStack,
  modulePath,
  uncaughtResult,
} from "../isolate/stack_traces/index.ts";
import { hostCall } from "../isolate/web/index.ts";
import { type FunctionResult, LaneError, type LogLine } from "../lanes/lane.ts";
import {
  type CallScope,
  type CallTree,
  type NestedRequest,
  OpenQueries,
  runAsyncSyscall,
  runSyncSyscall,
  SyscallError,
} from "../syscalls/index.ts";
import { checkArgs, checkReturns, wrongKind } from "./call_checks.ts";
import { displayFunctionPath, splitFunctionPath } from "./function_path.ts";
import { limitWarnings } from "./limit_warnings.ts";
import type { CallableFunction, LoadedVersion } from "./loaded_version.ts";
import { hostError, isDeveloperError, syscallFault } from "./result.ts";

/** What a lane gives to run one function. */
export interface CallRequest {
  readonly version: LoadedVersion;
  /** JSON text of the environment's variables. */
  readonly environment: string;
  /** Canonical. */
  readonly path: string;
  readonly kind: "query" | "mutation";
  /** JSON text of the arguments object. */
  readonly args: string;
  readonly internal: boolean;
  readonly tree: CallTree;
  readonly tx: Transaction;
  /** Milliseconds since the epoch: the clock stands still there. */
  readonly now: number;
}

export interface CallResult {
  readonly result: FunctionResult;
  readonly logs: readonly LogLine[];
  readonly userTime: number;
  readonly memoryMegabytes: number;
  readonly usedTime: boolean;
  readonly usedRandom: boolean;
}

/** The call wrote to something frozen; its modules have moved down a way: begin again with a new transaction. */
export const AGAIN = Symbol("again");

/** Clock and chance, as parameters. */
export interface RunnerSeams {
  /** Milliseconds that only ever grow, for measuring. */
  readonly elapsed: () => number;
  readonly nowMilliseconds: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

interface Deferred {
  readonly id: number;
  readonly run: () => MaybePromise<string>;
}

/** One function that runs: the top one of a call, or one that another has called. */
interface Frame {
  readonly id: number;
  readonly scope: CallScope;
  readonly call: TopCall;
  readonly realm: Realm;
  readonly found: CallableFunction;
  readonly deferred: Deferred[];
  outcome: string | null;
}

/** What all frames of one call have in common. */
interface TopCall {
  readonly request: CallRequest;
  readonly logs: LogLine[];
  readonly startedAt: number;
  userTime: number;
  usedTime: boolean;
  usedRandom: boolean;
  /** Not the function's fault: thrown once it has stopped. */
  fatal: unknown;
  /** It has used up its time or memory: with whichever of its frames, all of them are over. */
  spent: FunctionResult | null;
}

const FROZEN =
  /Cannot (?:assign to read only|add property|delete property|redefine property|define property)|object is not extensible/;
/**
 * Time limits of the isolate end on multiples of this, in milliseconds. Each leaves a timer behind that wakes a thread
 * when it runs out, long after its call: those of one moment wake it once. What has used up its time is refused
 * exactly; what does not come back by itself is stopped this much later at most.
 */
const TIMER_GRID = 100;
/** After so many calls the heap is looked at even when all of them were short. */
const CALLS_BETWEEN_LOOKS = 256;

class CallAgain extends Error {}

/** Runs functions one at a time in a sandbox of its own; knows transactions, but not where they come from. */
export class FunctionRunner {
  readonly #snapshot: RealmSnapshot;
  readonly #limits: IsolateLimits;
  readonly #seams: RunnerSeams;
  readonly #host: RealmHost;
  #sandbox: Sandbox | null = null;
  #frame: Frame | null = null;
  #nextId = 1;
  #callsSinceLook = 0;
  #syscallTime = 0;

  constructor(snapshot: RealmSnapshot, limits: IsolateLimits, seams: RunnerSeams) {
    this.#snapshot = snapshot;
    this.#limits = limits;
    this.#seams = seams;
    this.#host = this.#makeHost();
  }

  /** Runs a function to its end. */
  run(request: CallRequest): MaybePromise<CallResult | typeof AGAIN> {
    const call: TopCall = {
      request,
      logs: [],
      startedAt: this.#seams.elapsed(),
      userTime: 0,
      usedTime: false,
      usedRandom: false,
      fatal: null,
      spent: null,
    };
    let result: MaybePromise<FunctionResult>;
    try {
      result = this.#begin(call);
    } catch (error) {
      return this.#failed(error);
    }
    if (!(result instanceof Promise)) return this.#ended(call, result);
    return result.then(
      (value) => this.#ended(call, value),
      (error: unknown) => this.#failed(error),
    );
  }

  #failed(error: unknown): typeof AGAIN {
    this.#frame = null;
    if (error instanceof CallAgain) return AGAIN;
    this.#renewSandbox();
    throw error;
  }

  #ended(call: TopCall, result: FunctionResult): CallResult {
    const heap = this.#lookAtHeap(call);
    const { request, userTime, usedTime, usedRandom } = call;
    const usage = { args: request.args, result, userTime, userTimeLimit: this.#limits.userTime };
    const warnings = limitWarnings(request.tx, usage, this.#seams.nowMilliseconds);
    const logs = warnings.length === 0 ? call.logs : [...call.logs, ...warnings];
    return { result, logs, userTime, memoryMegabytes: heap, usedTime, usedRandom };
  }

  /** Gives the isolate back to the system: for a lane that has nothing to do. */
  dispose(): void {
    this.#renewSandbox();
  }

  /** Forgets what was compiled of a version. */
  retire(versionId: string): void {
    if (this.#sandbox === null || this.#sandbox.isDisposed) return;
    this.#sandbox.scripts.retire(versionId);
    this.#sandbox.warm.forget(versionId);
  }

  /** Idle moments: makes fresh realms ahead. Answers whether there is more to do. */
  prepareAhead(): boolean {
    return this.#usesFresh && (this.#sandbox?.fillPool(2) ?? false);
  }

  #usesFresh = false;

  #renewSandbox(): void {
    this.#sandbox?.dispose();
    this.#sandbox = null;
  }

  #sandboxNow(): Sandbox {
    // One that was ended has thrown, and was given up there.
    this.#sandbox ??= new Sandbox(this.#snapshot, this.#limits, this.#host);
    return this.#sandbox;
  }

  #lookAtHeap(call: TopCall): number {
    if (call.userTime < 10 && ++this.#callsSinceLook < CALLS_BETWEEN_LOOKS) return 0;
    this.#callsSinceLook = 0;
    const sandbox = this.#sandbox;
    if (sandbox === null || sandbox.isDisposed) return 0;
    const heap = sandbox.heapMegabytes();
    // Garbage or not: the next call has the right to all of its memory.
    if (heap > this.#limits.heap) this.#renewSandbox();
    return heap;
  }

  // --- finding and checking ---

  #begin(call: TopCall): MaybePromise<FunctionResult> {
    const { request } = call;
    const { version, path, kind, args, internal } = request;
    const found = version.function(path);
    if (found === undefined || (found.visibility === "internal" && !internal)) {
      return hostError(`Could not find public function for '${displayFunctionPath(path)}'.`);
    }
    if (found.kind !== kind) return wrongKind(path, kind, found.kind);
    const fault = checkArgs(path, found, args, request.tx);
    if (fault !== null) return fault;
    const ran = this.#runFrame(call, found, kind, args, 0, request.tx);
    return andThen(ran, (result) => checkReturns(path, found, result, request.tx));
  }

  #nested(caller: Frame, nested: NestedRequest): MaybePromise<string> {
    const { call, scope } = caller;
    const { version } = call.request;
    const kind = nested.kind === "mutation" ? "mutation" : "query";
    const found = version.function(nested.path);
    if (found === undefined) {
      throw new SyscallError(
        "FunctionNotFound",
        `Could not find function for '${displayFunctionPath(nested.path)}'.`,
      );
    }
    if (found.kind !== kind)
      throw new SyscallError("InvalidFunctionCall", wrongKind(nested.path, kind, found.kind).message);
    const fault = checkArgs(nested.path, found, nested.args, scope.tx);
    if (fault !== null) throw new SyscallError("InvalidArgs", fault.message);
    const tx = nested.kind === "snapshotQuery" ? scope.tx.staleSnapshot() : scope.tx;
    const savepoint = nested.kind === "mutation" ? tx.savepoint() : null;
    const bounds = tx.usage.narrow(nested.limits);
    const settle = (result: FunctionResult): string => {
      tx.usage.restore(bounds);
      const checked = checkReturns(nested.path, found, result, tx);
      if (checked.kind === "value") {
        if (savepoint !== null) tx.release(savepoint);
        return checked.value;
      }
      if (savepoint !== null) tx.rollBack(savepoint);
      const data = checked.data === undefined ? undefined : (JSON.parse(checked.data) as JSONValue);
      throw new SyscallError(checked.code ?? "InvalidReturnValue", checked.message.trimEnd(), data);
    };
    return andThen(this.#runFrame(call, found, kind, nested.args, scope.depth + 1, tx), settle);
  }

  // --- running ---

  #runFrame(
    call: TopCall,
    found: CallableFunction,
    kind: "query" | "mutation",
    args: string,
    depth: number,
    tx: Transaction,
  ): MaybePromise<FunctionResult> {
    const { version, tree, now } = call.request;
    const { module, name, displayName } = found;
    const caller = this.#frame;
    const realm = this.#realmFor(call, module);
    const entry = realm.entry(found, version.prepared.id, module, name, kind);
    const id = this.#nextId++;
    const frame: Frame = {
      id,
      call,
      realm,
      found,
      deferred: [],
      outcome: null,
      scope: {
        tree,
        kind,
        name: displayName,
        depth,
        tx,
        queries: new OpenQueries(),
        runNested: (nested) => Promise.resolve(this.#nested(frame, nested)),
      },
    };
    const failed = this.#enter(frame, realm.run, [id, entry, `[${args}]`, now, depth === 0]);
    const result = failed ?? this.#advance(frame);
    if (!(result instanceof Promise)) {
      this.#leave(frame, caller);
      return result;
    }
    return result.finally(() => this.#leave(frame, caller));
  }

  #leave({ realm, id, scope }: Frame, caller: Frame | null): void {
    this.#frame = caller;
    // The next outermost call ends what is left of this one.
    if (realm.isWarm && scope.depth === 0) return;
    if (this.#sandbox?.isDisposed !== false) return;
    if (!realm.isWarm) realm.release();
    else realm.finish.applySync(undefined, [id]);
  }

  #realmFor(call: TopCall, module: string): Realm {
    const { version, environment } = call.request;
    for (;;) {
      const sandbox = this.#sandboxNow();
      const isFresh = version.wayOf(module) === "fresh";
      if (isFresh) this.#usesFresh = true;
      const realm = isFresh ? sandbox.takeFresh() : sandbox.warm;
      realm.setEnvironment(environment);
      if (!isFresh && version.isSharedIn(realm, module)) return realm;
      if (!isFresh && version.isNewTo(realm)) realm.forget(version.prepared.id);
      realm.prepare(version.prepared, module, sandbox.scripts);
      if (isFresh) return realm;
      if (this.#share(call, realm, module)) return realm;
    }
  }

  /** Evaluates and freezes the shared modules of an entry. Answers false when some turned out not to be shareable. */
  #share(call: TopCall, realm: Realm, module: string): boolean {
    const { version } = call.request;
    const answer = realm.share.applySync(undefined, [version.prepared.id, module], {
      timeout: this.#limits.analysisTime,
    }) as string;
    const told = JSON.parse(answer) as { path: string; reason: string }[] | { thrown: string };
    if (Array.isArray(told) && told.length === 0) {
      version.sharedIn(realm, module);
      return true;
    }
    if (Array.isArray(told)) version.moveDown(new Set(told.map(({ path }) => path)), "reevaluated");
    // It threw: evaluated again for the call itself, the error is told there; or it wrote to a frozen module.
    else version.moveDown(version.graphOf(module), "reevaluated");
    this.#sandbox!.renewWarm();
    return false;
  }

  /** For how long the isolate may be entered now, in milliseconds. */
  #timeout(call: TopCall, now: number): number {
    const end = now + Math.max(1, this.#limits.userTime - call.userTime);
    return Math.ceil(Math.ceil(end / TIMER_GRID) * TIMER_GRID - now);
  }

  /** One stretch of the function's own JavaScript. Answers how it failed, if it did not just come to its end. */
  #enter(frame: Frame, method: RealmMethod, args: (string | number | boolean)[]): FunctionResult | null {
    const { call } = frame;
    if (call.spent !== null) return call.spent;
    this.#frame = frame;
    const syscallsBefore = this.#syscallTime;
    const startedAt = this.#seams.elapsed();
    try {
      method.applySync(undefined, args, { timeout: this.#timeout(call, startedAt) });
    } catch (error) {
      return this.#stopped(call, error);
    } finally {
      call.userTime += this.#seams.elapsed() - startedAt - (this.#syscallTime - syscallsBefore);
      if (call.fatal !== null) this.#throwFatal(call);
    }
    if (call.userTime > this.#limits.userTime) call.spent = this.#outOfTime();
    return call.spent;
  }

  #outOfTime(): FunctionResult {
    return hostError(timeoutText(this.#limits), "UserTimeout");
  }

  #outOfMemory(): FunctionResult {
    return hostError(outOfMemoryText(this.#limits), "OutOfMemory");
  }

  #throwFatal(call: TopCall): never {
    throw call.fatal;
  }

  #stopped(call: TopCall, error: unknown): FunctionResult {
    const sandbox = this.#sandbox!;
    if (sandbox.isDisposed) {
      this.#sandbox = null;
      call.spent = this.#outOfMemory();
      return call.spent;
    }
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (message === "Script execution timed out.") {
      const isMemory = sandbox.heapMegabytes() > this.#limits.heap;
      // What the call has left half done must not go on within the next one.
      this.#renewSandbox();
      call.spent = isMemory ? this.#outOfMemory() : this.#outOfTime();
      return call.spent;
    }
    if (FROZEN.test(message)) this.#moveDown(call, null);
    return hostError(`Uncaught ${name}: ${message}\n`);
  }

  /** Answers what was put off, in order, until the function has its outcome. */
  #advance(frame: Frame): MaybePromise<FunctionResult> {
    for (;;) {
      const next = frame.deferred.shift();
      if (next === undefined) return this.#outcomeOf(frame);
      if (this.#seams.elapsed() - frame.call.startedAt > this.#limits.totalTime) {
        throw new LaneError(
          "SystemTimeoutError",
          `Your request timed out after ${this.#limits.totalTime / 1000} seconds. Try again later.`,
        );
      }
      const answer = this.#answer(next.run);
      if (answer instanceof Promise) {
        return answer.then((text) => this.#settle(frame, next.id, text) ?? this.#advance(frame));
      }
      const failed = this.#settle(frame, next.id, answer);
      if (failed !== null) return failed;
    }
  }

  #settle(frame: Frame, id: number, answer: string): FunctionResult | null {
    return this.#enter(frame, frame.realm.settle, [id, answer]);
  }

  #outcomeOf(frame: Frame): FunctionResult {
    const { outcome, call } = frame;
    if (outcome === null) return hostError("Returned promise will never resolve");
    const text = outcome.slice(1);
    if (outcome.charCodeAt(0) === 43) return { kind: "value", value: text };
    if (frame.realm.isWarm) {
      const { head, frames } = JSON.parse(text) as ErrorDescription;
      if (FROZEN.test(head)) {
        const first = frames.find(({ file }) => !file.startsWith("tandem:"));
        this.#moveDown(call, first === undefined ? null : modulePath(first.file));
      }
    }
    return uncaughtResult(text, call.request.version.maps);
  }

  #moveDown(call: TopCall, culprit: string | null): void {
    const { version, path } = call.request;
    const entry = this.#frame === null ? splitFunctionPath(path).module : this.#frame.found.module;
    if (!version.writesToFrozen(entry, culprit)) return;
    this.#sandbox?.renewWarm();
    throw new CallAgain();
  }

  /** The text for the isolate, faults included; only the system's own trouble is thrown. */
  #answer(run: () => MaybePromise<string>): MaybePromise<string> {
    let answer: MaybePromise<string>;
    try {
      answer = run();
    } catch (error) {
      if (!isDeveloperError(error)) throw error;
      return syscallFault(error);
    }
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: unknown) => {
      if (!isDeveloperError(error)) throw error;
      return syscallFault(error);
    });
  }

  #makeHost(): RealmHost {
    let nextDeferred = 1;
    const guarded = (answer: (frame: Frame) => string): string => {
      const frame = this.#frame!;
      const startedAt = this.#seams.elapsed();
      try {
        return answer(frame);
      } catch (error) {
        if (!isDeveloperError(error)) frame.call.fatal ??= error;
        return syscallFault(error);
      } finally {
        this.#syscallTime += this.#seams.elapsed() - startedAt;
      }
    };
    const defer = (frame: Frame, run: () => MaybePromise<string>): string => {
      const id = nextDeferred++;
      frame.deferred.push({ id, run });
      return `?${id}`;
    };
    const web = hostCall({
      log: (payload) => {
        const frame = this.#frame!;
        const line = readLogLine(payload, this.#seams.nowMilliseconds());
        frame.call.logs.push(frame.scope.depth === 0 ? line : { ...line, udfPath: frame.scope.name });
      },
      mapStack: (payload) => mapStack(payload, this.#frame!.call.request.version.maps),
      random: (length) => this.#seams.randomBytes(length),
    });
    return {
      sync: (operation, args) => guarded((frame) => runSyncSyscall(frame.scope, operation, args)),
      async: (operation, args) =>
        guarded((frame) => {
          // Once something is put off, what comes later waits behind it: they are run in the order of their calls.
          if (frame.deferred.length > 0)
            return defer(frame, () => runAsyncSyscall(frame.scope, operation, args));
          if (operation === "1.0/runUdf")
            return defer(frame, () => runAsyncSyscall(frame.scope, operation, args));
          const answer = runAsyncSyscall(frame.scope, operation, args);
          return answer instanceof Promise ? defer(frame, () => answer) : answer;
        }),
      done: (id, outcome, looked) => {
        const frame = this.#frame;
        if (frame === null || frame.id !== id) return;
        frame.outcome = outcome;
        if ((looked & 1) !== 0) frame.call.usedTime = true;
        if ((looked & 2) !== 0) frame.call.usedRandom = true;
      },
      seed: () => {
        this.#frame!.call.usedRandom = true;
        return Buffer.from(this.#seams.randomBytes(16)).toString("hex");
      },
      call: web,
    };
  }
}

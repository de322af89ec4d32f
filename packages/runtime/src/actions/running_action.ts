import type { Timers } from "@tandem/engine";
import { splitFunctionPath } from "../functions/function_path.ts";
import { readLogLine, systemLogLine } from "../isolate/console/index.ts";
import { type SourceMaps, uncaughtResult } from "../isolate/stack_traces/index.ts";
import { answered, failed, type HostFetches, openHostFetches, subtleAside } from "../isolate/web/index.ts";
import type {
  ActionCall,
  ActionHost,
  ActionOutcome,
  FunctionResult,
  FunctionsVersion,
  LogLine,
} from "../lanes/lane.ts";
import { type ActionLimits, actionMemoryText, actionTimeoutText } from "./action_limits.ts";
import type { ActionRealm } from "./action_realm.ts";
import { type DeploymentMetadata, runActionSyscall } from "./action_syscalls.ts";
import { evaluateModule } from "./link_modules.ts";

/** The outside world as actions see it. */
export interface ActionWorld {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly timers: Timers;
  readonly deployment: DeploymentMetadata;
}

type Failure = Extract<FunctionResult, { kind: "error" }>;

/** One action from its start to its end, in an isolate of its own that ends with it. */
export class RunningAction {
  readonly #realm: ActionRealm;
  readonly #call: ActionCall;
  readonly #host: ActionHost;
  readonly #world: ActionWorld;
  readonly #limits: ActionLimits;
  readonly #maps: SourceMaps;
  readonly #fetches: HostFetches;
  readonly #logs: LogLine[] = [];
  readonly #sleeping = new Map<number, unknown>();
  readonly #stopped: Promise<Failure>;
  #stop: (failure: Failure) => void = () => undefined;
  #isOver = false;
  #memory = 0;

  constructor(
    realm: ActionRealm,
    call: ActionCall,
    host: ActionHost,
    world: ActionWorld,
    limits: ActionLimits,
    maps: SourceMaps,
  ) {
    this.#realm = realm;
    this.#call = call;
    this.#host = host;
    this.#world = world;
    this.#limits = limits;
    this.#maps = maps;
    this.#fetches = openHostFetches(world.fetch);
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  /** The isolate broke in a way that V8 cannot come back from: it ran out of memory. */
  broke(): void {
    this.#stop({ kind: "error", message: actionMemoryText(this.#limits) });
  }

  /** The backend ends before the action does. */
  shutDown(): void {
    this.#stop({ kind: "error", message: "The backend is shutting down." });
  }

  /** Runs it. `finish` looks at the value before it counts. Never rejects for what the function does. */
  async run(
    version: FunctionsVersion,
    environment: string,
    finish: (value: string) => FunctionResult,
  ): Promise<ActionOutcome> {
    const { timers } = this.#world;
    const deadline = timers.setTimeout(
      () => this.#stop({ kind: "error", message: actionTimeoutText(this.#limits) }),
      this.#limits.totalTime,
    );
    try {
      const body = this.#execute(version, environment).catch((error: unknown) => this.#failureOf(error));
      const result = await Promise.race([body, this.#stopped]);
      const final = result.kind === "value" ? finish(result.value) : result;
      // Even now the function's leftovers may keep its thread busy: the deadline still holds.
      if (result.kind === "value") await Promise.race([this.#lookBack(), this.#stopped]);
      const usage = {
        documentsRead: 0,
        bytesRead: 0,
        documentsWritten: 0,
        bytesWritten: 0,
        databaseQueries: 0,
        ...this.#spent(),
      };
      return { result: final, logs: this.#logs, usage };
    } finally {
      timers.clearTimeout(deadline);
      this.#isOver = true;
      for (const timer of this.#sleeping.values()) timers.clearTimeout(timer);
      this.#fetches.close();
      const { isolate } = this.#realm;
      if (!isolate.isDisposed) isolate.dispose();
    }
  }

  async #execute(version: FunctionsVersion, environment: string): Promise<FunctionResult> {
    const realm = this.#realm;
    await realm.connect({
      log: (payload) => this.#log(payload),
      random: this.#world.random,
      maps: this.#maps,
      start: (id, operation, payload) => this.#start(id, operation, payload),
    });
    await realm.begin(environment, version.importClock);
    const { module: path, name } = splitFunctionPath(this.#call.path);
    const module = await evaluateModule(realm.isolate, realm.context, version, path);
    const exported = await module.namespace.get(name, { reference: true });
    const { requestId, args } = this.#call;
    const answer = await realm.invoke(exported, requestId, `[${args}]`);
    return answer.startsWith("+")
      ? { kind: "value", value: answer.slice(1) }
      : uncaughtResult(answer.slice(1), this.#maps);
  }

  #log(payload: string): void {
    if (!this.#isOver) this.#logs.push(readLogLine(payload, this.#world.now()));
  }

  #start(id: number, operation: string, payload: string): void {
    if (this.#isOver) return;
    switch (operation) {
      case "log":
        this.#log(payload);
        return;
      case "timer": {
        const [timer, milliseconds] = JSON.parse(payload) as [number, number];
        this.#sleep(timer, milliseconds);
        return;
      }
      case "timer.clear":
        this.#world.timers.clearTimeout(this.#sleeping.get(Number(payload)));
        this.#sleeping.delete(Number(payload));
        return;
      case "fetch.abort":
        this.#fetches.abort(Number(payload));
        return;
      default:
        void this.#answer(operation, payload).then((answer) => {
          if (!this.#isOver) this.#enter(this.#realm.settle(id, answer));
        });
    }
  }

  #sleep(timer: number, milliseconds: number): void {
    const handle = this.#world.timers.setTimeout(() => {
      this.#sleeping.delete(timer);
      if (!this.#isOver) this.#enter(this.#realm.fireTimer(timer));
    }, milliseconds);
    this.#sleeping.set(timer, handle);
  }

  // The function's code goes on inside: what goes wrong there, an unhandled rejection above all, ends the action.
  #enter(continuation: Promise<void>): void {
    continuation.catch((error: unknown) => this.#stop(this.#failureOf(error)));
  }

  async #answer(operation: string, payload: string): Promise<string> {
    if (operation.startsWith("1.0/")) {
      return await runActionSyscall(operation, payload, this.#call, this.#host, this.#world.deployment);
    }
    try {
      switch (operation) {
        case "fetch":
          return answered(await this.#fetches.open(payload));
        case "fetch.read":
          return answered(await this.#fetches.read(Number(payload)));
        case "crypto":
          return answered(await subtleAside(payload));
        default:
          throw new Error(`Unknown async operation ${operation}`);
      }
    } catch (error) {
      return failed(error);
    }
  }

  // What isolated-vm throws: the isolate's end, or an error of the function's code that nobody handled.
  #failureOf(error: unknown): Failure {
    const { isolate } = this.#realm;
    const thrown = error instanceof Error ? error : new Error(String(error));
    if (/memory limit/.test(thrown.message) || isolate.isDisposed) {
      return { kind: "error", message: actionMemoryText(this.#limits) };
    }
    const head = `${thrown.name}: ${thrown.message}`;
    const lines = (thrown.stack ?? "").startsWith(head) ? (thrown.stack ?? "").slice(head.length) : "";
    const places = lines
      .split("\n")
      .filter((line) => /^ {4}at /.test(line) && !/node:internal|\(<isolated-vm/.test(line));
    return { kind: "error", message: `Uncaught ${[head, ...places].join("\n")}\n` };
  }

  async #lookBack(): Promise<void> {
    const { isolate } = this.#realm;
    if (isolate.isDisposed) return;
    const heap = await isolate.getHeapStatistics().catch(() => null);
    if (heap !== null) this.#memory = heap.used_heap_size / 1_048_576;
    const pending = await this.#realm.pendingOperations().catch(() => []);
    const names = pending
      .map((name) => name.replace(/^1\.0\/(?:actions\/)?/, ""))
      .filter((name) => name !== "fetch.read");
    if (names.length === 0) return;
    const text = `${names.length} unawaited operation${names.length === 1 ? "" : "s"}: [${names.join(", ")}]. Async operations should be awaited or they might not run. See https://docs.convex.dev/functions/actions#dangling-promises for more information.`;
    this.#logs.push(systemLogLine("WARN", text, this.#world.now()));
  }

  #spent(): { userTime: number; memoryMegabytes: number } {
    const { isolate } = this.#realm;
    // What a dead isolate used is no longer known; it used all it might.
    if (isolate.isDisposed) return { userTime: 0, memoryMegabytes: this.#limits.memory };
    return { userTime: Number(isolate.cpuTime) / 1e6, memoryMegabytes: this.#memory };
  }
}

import type { Engine, Timestamp } from "@tandem/engine";
import {
  ApiError,
  type Caller as CallSource,
  displayFunctionPath,
  parseFunctionPath,
} from "@tandem/protocol";
import {
  type FunctionKind,
  type FunctionResult,
  LaneError,
  type Lanes,
  type LogLine,
  type Usage,
} from "@tandem/runtime";
import { type Caller, identityOf } from "../auth/caller.ts";
import type { LiveFunctions, LivePair } from "../deploy/live_functions.ts";
import type { LiveQueryKey } from "../live/query_key.ts";
import type { FunctionLog } from "../logs/function_log.ts";
import type { Seams } from "../seams.ts";
import type { SystemFunctions } from "../system/system_functions.ts";
import { toClientResult } from "./client_message.ts";
import { Completion } from "./completion.ts";
import { type FunctionError, FunctionPaths } from "./function_paths.ts";
import type { ActionRun, MutationRun, QueryRun } from "./outcome.ts";
import { RequestIds } from "./request_id.ts";

export interface ExecutorOptions {
  readonly engine: Pick<Engine, "durable" | "catalog">;
  readonly lanes: Lanes;
  readonly functions: LiveFunctions;
  readonly system: SystemFunctions;
  readonly log: FunctionLog;
  readonly seams: Seams;
  /** Errors and log lines stay on the server (P §6.1). */
  readonly redact: boolean;
}

export interface Request {
  /** As the client named it: `a/b:fn`. */
  readonly path: string;
  /** JSON text of the arguments object. */
  readonly args: string;
  readonly componentPath: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly source: CallSource;
}

/** Which request of which client a mutation is: sent again, it is answered, not run again (P §1.6). */
export interface Once {
  readonly sessionId: string;
  readonly requestId: number;
}

/** Runs functions for clients: finds the version that is live, calls a lane, logs, and words the errors. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #paths = new FunctionPaths();
  readonly #requestIds: RequestIds;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#requestIds = new RequestIds(options.seams.random);
  }

  /** 16 hex digits. */
  newRequestId(): string {
    return this.#requestIds.next();
  }

  query(
    query: LiveQueryKey,
    caller: Caller,
    at: Timestamp,
    source: CallSource = "SyncWorker",
    requestId = this.newRequestId(),
  ): Promise<QueryRun> {
    const { system, lanes, seams } = this.#options;
    if (system.owns(query.path)) {
      return system.query(query, caller, at, requestId);
    }
    const request: Request = {
      path: query.path,
      args: query.args,
      componentPath: query.componentPath,
      caller,
      requestId,
      source,
    };
    const path = this.#canonical(request);
    if (typeof path !== "string") {
      const refused = this.#refused("query", request, path);
      return Promise.resolve({ ...refused, reads: [], journal: null, ...NOTHING_USED });
    }
    const began = seams.clock.now();
    return this.#transacted(({ version, environment }) =>
      lanes.query({
        version,
        environment,
        path,
        args: query.args,
        identity: identityOf(caller),
        requestId,
        internal: caller.kind === "admin",
        at,
        journal: query.journal,
      }),
    ).then((outcome) => {
      this.#logged("query", request, began, outcome);
      return {
        result: toClientResult(outcome.result, requestId, this.#options.redact),
        logs: this.#clientLogs(outcome.logs),
        reads: outcome.reads,
        journal: outcome.journal,
        usedIdentity: outcome.usedIdentity,
        usedTime: outcome.usedTime,
        usedRandom: outcome.usedRandom,
      };
    });
  }

  /** `once`: whoever sends the same request again gets the answer of the first. */
  mutation(request: Request, once: Once | null): Promise<MutationRun> {
    const { lanes, seams } = this.#options;
    const path = this.#canonical(request);
    if (typeof path !== "string") {
      return Promise.resolve({ ...this.#refused("mutation", request, path), ts: null });
    }
    const { args, caller, requestId } = request;
    const began = seams.clock.now();
    return this.#transacted(({ version, environment }) =>
      lanes.mutation({
        version,
        environment,
        path,
        args,
        identity: identityOf(caller),
        requestId,
        internal: caller.kind === "admin",
        once,
      }),
    ).then((outcome) => {
      this.#logged("mutation", request, began, outcome);
      return {
        result: toClientResult(outcome.result, requestId, this.#options.redact),
        logs: this.#clientLogs(outcome.logs),
        ts: outcome.ts,
      };
    });
  }

  async action(request: Request): Promise<ActionRun> {
    const path = this.#canonical(request);
    if (typeof path !== "string") {
      return this.#refused("action", request, path);
    }
    const began = this.#options.seams.clock.now();
    const outcome = await this.#withLiveVersion((live) =>
      this.#options.lanes.action(
        {
          ...live,
          path,
          args: request.args,
          identity: identityOf(request.caller),
          requestId: request.requestId,
          internal: request.caller.kind === "admin",
        },
        { run: (kind, call) => this.#nested(kind, call, request.caller) },
      ),
    );
    this.#logged("action", request, began, outcome);
    return {
      result: toClientResult(outcome.result, request.requestId, this.#options.redact),
      logs: this.#clientLogs(outcome.logs),
    };
  }

  /** Any kind of function, for admins (`POST /api/function`). `null` when there is none of this name. */
  async any(request: Request): Promise<QueryRun | MutationRun | ActionRun> {
    const path = this.#paths.canonical(request.path);
    if (typeof path !== "string") {
      return this.#refused("query", request, path);
    }
    const kind = this.#options.system.owns(request.path) ? "query" : this.#visibleKind(path, request.caller);
    switch (kind) {
      case "mutation":
        return this.mutation(request, null);
      case "action":
        return this.action(request);
      case "query":
        return this.query(
          { ...request, journal: null, internal: request.caller.kind === "admin" },
          request.caller,
          this.#options.engine.durable,
          request.source,
          request.requestId,
        );
      case null: {
        const shown = displayFunctionPath(parseFunctionPath(request.path));
        const message = `Could not find function for '${shown}'. Did you forget to run \`npx convex dev\`?`;
        return this.#refused("query", request, { kind: "error", message });
      }
      default:
        return kind satisfies never;
    }
  }

  /** To anyone but an admin, an internal function looks as if there were none (P §6.1). */
  #visibleKind(path: string, caller: Caller): FunctionKind | null {
    const { functions } = this.#options;
    if (caller.kind === "admin") {
      return functions.kindOf(path);
    }
    const colon = path.lastIndexOf(":");
    const module = functions.analysis.find((analyzed) => analyzed.path === path.slice(0, colon));
    const found = module?.functions.find(({ name }) => name === path.slice(colon + 1));
    return found?.visibility === "public" ? found.kind : null;
  }

  /** What an action calls: with the caller's identity, internal functions open to it (R §2.6). */
  async #nested(
    kind: FunctionKind,
    call: Parameters<Parameters<Lanes["action"]>[1]["run"]>[1],
    caller: Caller,
  ): Promise<FunctionResult> {
    const began = this.#options.seams.clock.now();
    const request: Request = {
      path: call.path,
      args: call.args,
      componentPath: "",
      caller,
      requestId: call.requestId,
      source: "Action",
    };
    switch (kind) {
      case "query": {
        const at = this.#options.engine.durable;
        const outcome = await this.#transacted((live) =>
          this.#options.lanes.query({ ...live, ...call, at, journal: null }),
        );
        this.#logged(kind, request, began, outcome);
        return outcome.result;
      }
      case "mutation": {
        const outcome = await this.#transacted((live) =>
          this.#options.lanes.mutation({ ...live, ...call, once: null }),
        );
        this.#logged(kind, request, began, outcome);
        return outcome.result;
      }
      case "action": {
        const outcome = await this.#withLiveVersion((live) =>
          this.#options.lanes.action({ ...live, ...call }, { run: (k, c) => this.#nested(k, c, caller) }),
        );
        this.#logged(kind, request, began, outcome);
        return outcome.result;
      }
      default:
        return kind satisfies never;
    }
  }

  /** Runs with the functions and variables that are live. */
  #withLiveVersion<T>(run: (live: LivePair) => Promise<T>): Promise<T> {
    const live = this.#options.functions.current;
    return run(live).catch((error) => this.#ifOvertaken(live, error, () => this.#withLiveVersion(run)));
  }

  /**
   * As above for queries and mutations, whose failures leave nothing behind: one that fails while a push switches
   * the functions under it (old code, say, before the new schema) runs again with the new ones.
   */
  #transacted<T extends { readonly result: FunctionResult }>(
    run: (live: LivePair) => Promise<T>,
  ): Promise<T> {
    const live = this.#options.functions.current;
    return run(live).then(
      (outcome) => {
        if (outcome.result.kind === "value") {
          return outcome;
        }
        return this.#isOvertaken(live).then((overtaken) => (overtaken ? this.#transacted(run) : outcome));
      },
      (error) => this.#ifOvertaken(live, error, () => this.#transacted(run)),
    );
  }

  /** Goes on with `again` when it was old functions that failed. Rejects with the error as clients get it otherwise. */
  async #ifOvertaken<T>(live: LivePair, error: unknown, again: () => Promise<T>): Promise<T> {
    if (await this.#isOvertaken(live)) {
      return again();
    }
    throw error instanceof LaneError ? laneTrouble(error) : error;
  }

  async #isOvertaken(live: LivePair): Promise<boolean> {
    const { functions, engine } = this.#options;
    if (functions.current === live && (engine.catalog.functionsVersion ?? "") === live.version) {
      return false;
    }
    await functions.settled();
    return functions.current !== live;
  }

  /** The canonical path; or, for a name that cannot be one or a component nobody has, the error to answer. */
  #canonical(request: Pick<Request, "path" | "componentPath">): string | FunctionError {
    if (request.componentPath === "" && !this.#options.functions.isEmpty) {
      return this.#paths.canonical(request.path);
    }
    const path = this.#paths.canonical(request.path);
    if (typeof path !== "string") {
      return path;
    }
    const component = request.componentPath === "" ? "" : ` in '${request.componentPath}'`;
    const shown = displayFunctionPath(parseFunctionPath(request.path));
    return { kind: "error", message: `Could not find public function for '${shown}'${component}.` };
  }

  #refused(kind: FunctionKind, request: Request, result: FunctionError): ActionRun {
    const now = this.#options.seams.clock.now();
    this.#logged(kind, request, now, { result, logs: [], usage: NO_USAGE });
    return { result: toClientResult(result, request.requestId, this.#options.redact), logs: [] };
  }

  #clientLogs(logs: readonly LogLine[]): readonly LogLine[] {
    return this.#options.redact ? [] : logs;
  }

  #logged(
    kind: FunctionKind,
    request: Request,
    began: number,
    outcome: { readonly result: FunctionResult; readonly logs: readonly LogLine[]; readonly usage: Usage },
  ): void {
    const { log, seams } = this.#options;
    const ended = seams.clock.now();
    log.add(new Completion({ kind, request, began, ended, outcome, random: seams.random }), ended);
  }
}

const NOTHING_USED = { usedIdentity: false, usedTime: false, usedRandom: false } as const;

const NO_USAGE: Usage = {
  documentsRead: 0,
  bytesRead: 0,
  documentsWritten: 0,
  bytesWritten: 0,
  databaseQueries: 0,
  userTime: 0,
  memoryMegabytes: 0,
};

/** The short codes that lanes use, as the kinds that decide over status and socket (P §6.2). */
function laneTrouble(error: LaneError): ApiError {
  switch (error.code) {
    case "OptimisticConcurrencyControlFailure":
      return new ApiError("OCC", error.code, error.message, { cause: error });
    case "OutOfRetention":
      return new ApiError("OutOfRetention", error.code, error.message, { cause: error });
    case "TooManyConcurrentRequests":
      return new ApiError("RateLimited", error.code, error.message, { cause: error });
    case "SystemTimeoutError":
    case "CommitterFullError":
    case "StoreFailed":
      return new ApiError("Overloaded", error.code, error.message, { cause: error });
    default:
      return new ApiError("OperationalInternalServerError", error.code, error.message, { cause: error });
  }
}

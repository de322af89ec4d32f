import type { Engine, Timestamp } from "@tandem/engine";
import type {
  AuthInfo,
  EnvironmentVariableChange,
  EvaluatePushResponse,
  EvaluateSchemaResponse,
  FinishPushDiff,
  FinishPushRequest,
  SchemaStatus,
  StartPushRequest,
  StartPushResponse,
  WaitForSchemaRequest,
} from "@tandem/protocol";
import type {
  AnalyzedModule,
  Environment,
  FunctionKind,
  FunctionsVersion,
  Lanes,
  QueryOutcome,
} from "@tandem/runtime";
import type { EnvironmentStore } from "../environment/index.ts";
import type { Limits } from "../limits.ts";
import type { Seams } from "../seams.ts";
import { evaluateProviders } from "./analyze.ts";
import { checkDeclaredVariables } from "./app_definition.ts";
import type { Evaluation, ImportPhase } from "./evaluation.ts";
import { type InlineQuery, runInlineQuery } from "./inline_query/run_inline_query.ts";
import type { LiveFunctions, LivePair } from "./live_functions.ts";
import { findModule, readModules } from "./module_store.ts";
import { Pushes } from "./pushes.ts";
import { runtimeEvaluation } from "./runtime_evaluation.ts";
import { SchemaWork } from "./schema/schema_work.ts";
import { Serial } from "./serial.ts";
import { findVersion, type StoredVersion } from "./stored_version.ts";
import { readProviders, switchVersion, writeProviders } from "./switch_version.ts";

export interface DeploymentOptions {
  readonly engine: Engine;
  readonly lanes: Lanes;
  readonly environment: EnvironmentStore;
  /** Default: isolates of the runtime. */
  readonly evaluation?: Evaluation;
  readonly limits: Pick<Limits, "functionTotalTime">;
  readonly seams: Seams;
  readonly instanceName: string;
  /** What goes wrong in the background. */
  readonly report: (error: unknown) => void;
}

/** What is deployed, and the ways to change it. */
export interface Deployment extends LiveFunctions {
  /** What the live version is made of; `null` before the first push. */
  readonly version: StoredVersion | null;
  /** The identity providers in force; the same list until they change. */
  authProviders(): readonly AuthInfo[];
  /** Called when functions or variables have been switched, with a timestamp at which they are. */
  onSwitch(listener: (ts: Timestamp) => void): () => void;

  startPush(request: StartPushRequest): Promise<StartPushResponse>;
  evaluatePush(request: StartPushRequest): Promise<EvaluatePushResponse>;
  evaluateSchema(request: StartPushRequest): Promise<EvaluateSchemaResponse>;
  waitForSchema(request: WaitForSchemaRequest, signal?: AbortSignal): Promise<SchemaStatus>;
  finishPush(request: FinishPushRequest): Promise<FinishPushDiff>;
  /** Changes variables; the auth config is evaluated under the new ones first, and may refuse them (R §4.8). */
  updateEnvironment(changes: readonly EnvironmentVariableChange[]): Promise<void>;
  /** Runs a query that came with its call, beside the live version. Throws `ApiError` when it is no query. */
  runInline(query: InlineQuery): Promise<QueryOutcome>;

  close(): Promise<void>;
}

/** How long wait_for_schema waits when the client names no time, and at most (milliseconds). */
const DEFAULT_WAIT = 10_000;
const LONGEST_WAIT = 60_000;

/** The version before the first push. No lane knows it, and nobody calls it. */
const NO_VERSION = "";

/** Loads what the store says is live into the lanes, and answers once they can run it. */
export async function openDeployment(options: DeploymentOptions): Promise<Deployment> {
  const deployment = new LiveDeployment(options);
  await deployment.open();
  return deployment;
}

class LiveDeployment implements Deployment {
  readonly #options: DeploymentOptions & { readonly evaluation: Evaluation };
  readonly #work: SchemaWork;
  readonly #pushes: Pushes;
  /** Switches of functions and of variables, which must not overtake each other. */
  readonly #switches = new Serial();
  readonly #listeners = new Set<(ts: Timestamp) => void>();
  readonly #unlisten: () => void;
  /** Versions that calls begun before a switch still run with. */
  readonly #retiring = new Map<string, unknown>();
  #version: StoredVersion | null = null;
  #kinds: ReadonlyMap<string, FunctionKind> = new Map();
  #providers: readonly AuthInfo[] = [];
  /** Providers that the check of a change of variables has found, by the environment they belong to. */
  #checked: { readonly environment: string; readonly providers: readonly AuthInfo[] } | null = null;
  #current: LivePair;

  constructor(options: DeploymentOptions) {
    const { engine, environment, seams, report, evaluation = runtimeEvaluation } = options;
    this.#options = { ...options, evaluation };
    this.#work = new SchemaWork(engine, seams, report);
    this.#pushes = new Pushes({ engine, environment, evaluation, seams, work: this.#work });
    this.#current = { version: NO_VERSION, environment: environment.current.id };
    this.#unlisten = environment.onChange(() => this.#environmentChanged());
  }

  async open(): Promise<void> {
    const { engine, environment, lanes, instanceName } = this.#options;
    await lanes.setEnvironment(environment.current);
    const snapshot = engine.snapshot();
    this.#providers = await readProviders(snapshot);
    const { functionsVersion } = engine.catalog;
    if (functionsVersion !== null) {
      const version = await findVersion(snapshot, functionsVersion);
      if (version === null) {
        throw new Error(
          `The store of "${instanceName}" says that the version "${functionsVersion}" is live but does not hold it: restore the store from a copy, or push again into an empty one.`,
        );
      }
      await lanes.load(await this.#functionsOf(version));
      this.#adopt(version);
      await this.#refreshProviders();
    }
    this.#work.resume();
  }

  /** The auth config may read variables that this start has set anew, such as the server's own address. */
  async #refreshProviders(): Promise<void> {
    const { engine, environment, report } = this.#options;
    try {
      const providers = await this.#providersUnder(environment.current);
      if (JSON.stringify(providers) === JSON.stringify(this.#providers)) return;
      await engine.transact({ source: "auth config", system: true }, (tx) => writeProviders(tx, providers));
      this.#setProviders(providers);
    } catch (error) {
      // Better the providers of the last push than no server.
      report(error);
    }
  }

  get version(): StoredVersion | null {
    return this.#version;
  }

  get current(): LivePair {
    return this.#current;
  }

  get isEmpty(): boolean {
    return this.#version === null;
  }

  get analysis(): readonly AnalyzedModule[] {
    return this.#version?.functions ?? [];
  }

  kindOf(path: string): FunctionKind | null {
    return this.#kinds.get(path) ?? null;
  }

  authProviders(): readonly AuthInfo[] {
    return this.#providers;
  }

  onSwitch(listener: (ts: Timestamp) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  startPush(request: StartPushRequest): Promise<StartPushResponse> {
    return this.#pushes.start(request);
  }

  evaluatePush(request: StartPushRequest): Promise<EvaluatePushResponse> {
    return this.#pushes.evaluatePush(request);
  }

  evaluateSchema(request: StartPushRequest): Promise<EvaluateSchemaResponse> {
    return this.#pushes.evaluateSchema(request);
  }

  async waitForSchema(request: WaitForSchemaRequest, signal?: AbortSignal): Promise<SchemaStatus> {
    if (request.dryRun === true) return { type: "complete" };
    const timeout = Math.min(request.timeoutMs ?? DEFAULT_WAIT, LONGEST_WAIT);
    return this.#pushes.waitForSchema(request.schemaChange, this.#version?.id ?? null, timeout, signal);
  }

  finishPush(request: FinishPushRequest): Promise<FinishPushDiff> {
    return this.#switches.run(() =>
      this.#pushes.finish(request, {
        liveId: this.#version?.id ?? null,
        switchTo: (version) => this.#switchTo(version),
      }),
    );
  }

  updateEnvironment(changes: readonly EnvironmentVariableChange[]): Promise<void> {
    return this.#switches.run(() =>
      this.#options.environment.update(changes, (next) => this.#checkEnvironment(next)),
    );
  }

  runInline(query: InlineQuery): Promise<QueryOutcome> {
    const { engine, lanes, evaluation, seams, environment } = this.#options;
    const phase = {
      variables: environment.current.variables,
      importClock: seams.clock.now(),
      importSeed: Buffer.from(seams.random.bytes(32)).toString("hex"),
    };
    const version = this.#version;
    return runInlineQuery(query, { engine, lanes, evaluation, seams, live: this.#current, version, phase });
  }

  settled(): Promise<void> {
    return this.#switches.idle();
  }

  async close(): Promise<void> {
    this.#unlisten();
    await this.#switches.idle();
    await this.#work.close();
    for (const timer of this.#retiring.values()) this.#options.seams.timers.clearTimeout(timer);
    this.#retiring.clear();
  }

  /** The lanes know the version before the commit that makes it live, so that no call has to wait for it. */
  async #switchTo(version: StoredVersion): Promise<FinishPushDiff> {
    const { engine, lanes } = this.#options;
    const functions = await this.#functionsOf(version);
    let switched: { readonly value: FinishPushDiff; readonly ts: Timestamp };
    try {
      await lanes.load(functions);
      switched = await engine.transact({ source: "finish push", system: true }, (tx) =>
        switchVersion(tx, version.id),
      );
    } catch (error) {
      lanes.retire(version.id);
      throw error;
    }
    const previous = this.#version;
    this.#setProviders(version.providers);
    this.#adopt(version);
    this.#switched(switched.ts);
    if (previous !== null) this.#retire(previous.id);
    return switched.value;
  }

  #adopt(version: StoredVersion): void {
    this.#version = version;
    this.#kinds = new Map(
      version.functions.flatMap(({ path, functions }) =>
        functions.map(({ name, kind }) => [`${path}:${name}`, kind] as const),
      ),
    );
    this.#current = { version: version.id, environment: this.#options.environment.current.id };
  }

  async #functionsOf(version: StoredVersion): Promise<FunctionsVersion> {
    const modules = await readModules(this.#options.engine.snapshot(), version.modules);
    const { id, functions, importClock, importSeed } = version;
    return { id, modules, analysis: functions, importClock, importSeed };
  }

  async #checkEnvironment(next: Environment): Promise<void> {
    if (this.#version !== null) checkDeclaredVariables(this.#version.definition, next.variables);
    this.#checked = { environment: next.id, providers: await this.#providersUnder(next) };
  }

  async #environmentChanged(): Promise<void> {
    const { engine, environment, lanes } = this.#options;
    const next = environment.current;
    const checked = this.#checked?.environment === next.id ? this.#checked : null;
    this.#checked = null;
    const providers = checked?.providers ?? (await this.#providersUnder(next));
    const { ts } = await engine.transact({ source: "environment variables", system: true }, (tx) =>
      writeProviders(tx, providers),
    );
    await lanes.setEnvironment(next);
    this.#setProviders(providers);
    this.#current = { version: this.#current.version, environment: next.id };
    this.#switched(ts);
  }

  async #providersUnder(environment: Environment): Promise<readonly AuthInfo[]> {
    const version = this.#version;
    if (version === null || version.authConfig === null) return [];
    const { path, sha256 } = version.authConfig;
    const content = await findModule(this.#options.engine.snapshot(), sha256);
    if (content === null) throw new Error(`The content of ${path} is missing from the store.`);
    const { importClock, importSeed } = version;
    const phase: ImportPhase = { variables: environment.variables, importClock, importSeed };
    return evaluateProviders(this.#options.evaluation, { path, ...content }, phase);
  }

  /** Keeps the list when nothing changes, so that tokens verified with it stay so. */
  #setProviders(providers: readonly AuthInfo[]): void {
    if (JSON.stringify(providers) !== JSON.stringify(this.#providers)) this.#providers = providers;
  }

  #switched(ts: Timestamp): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(ts);
      } catch (error) {
        // The switch is done, whatever one of those who hear of it makes of it.
        this.#options.report(error);
      }
    }
  }

  /** Once the calls that were begun with it have had their time. */
  #retire(id: string): void {
    const { seams, lanes, limits } = this.#options;
    const timer = seams.timers.setTimeout(() => {
      this.#retiring.delete(id);
      lanes.retire(id);
    }, limits.functionTotalTime);
    this.#retiring.set(id, timer);
  }
}

import type { Engine } from "@tandem/engine";
import {
  ApiError,
  type EvaluatePushResponse,
  type EvaluateSchemaResponse,
  type FinishPushDiff,
  type FinishPushRequest,
  type IndexDiff,
  type SchemaChange,
  type SchemaStatus,
  type StartPushRequest,
  type StartPushResponse,
} from "@tandem/protocol";
import { convexToJson } from "@tandem/values";
import type { EnvironmentStore } from "../environment/index.ts";
import type { Seams } from "../seams.ts";
import { type AnalyzedPush, analyzePush } from "./analyze.ts";
import { checkDeclaredVariables } from "./app_definition.ts";
import { emptyDiff } from "./diff.ts";
import type { Evaluation } from "./evaluation.ts";
import { putModule } from "./module_store.ts";
import { beginIndexes } from "./schema/build_indexes.ts";
import { type DeclaredIndex, declareSchema } from "./schema/declared_schema.ts";
import { evaluateSchemaChange } from "./schema/evaluate_schema.ts";
import { indexDiff, planIndexes } from "./schema/index_plan.ts";
import { schemaStatus, waitForStatus } from "./schema/schema_status.ts";
import { tablesToWalk } from "./schema/schema_walk.ts";
import type { SchemaWork } from "./schema/schema_work.ts";
import {
  findPendingVersion,
  findVersion,
  putVersion,
  type StoredVersion,
  setPendingVersion,
} from "./stored_version.ts";
import { discardVersion } from "./switch_version.ts";

export interface PushesOptions {
  readonly engine: Engine;
  readonly environment: EnvironmentStore;
  readonly evaluation: Evaluation;
  readonly seams: Seams;
  readonly work: SchemaWork;
}

/** What makes a version live; the deployment's side of finishing a push. */
export interface SwitchTarget {
  /** The id of the version that is live, `null` before the first push. */
  readonly liveId: string | null;
  switchTo(version: StoredVersion): Promise<FinishPushDiff>;
}

/** How the schema of a push that was answered `complete` or never asked about ended. */
const NOTHING_TO_WAIT_FOR: SchemaStatus = { type: "complete" };

/** Pushes, from the first request to the last (R §4.4–4.7). One is under way at a time: a later one replaces it. */
export class Pushes {
  readonly #options: PushesOptions;
  /** Indexes that the push under way declares. */
  #declared: { readonly id: string; readonly indexes: readonly DeclaredIndex[] } | null = null;
  /** What the last finished push answered, for a client that did not get it and asks again. */
  #finished: { readonly id: string; readonly diff: FinishPushDiff } | null = null;

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  async start(request: StartPushRequest): Promise<StartPushResponse> {
    const environmentVariables = Object.fromEntries(this.#options.environment.user);
    const push = await this.#analyze(request);
    const isKept = !request.dryRun && request.forCodegen !== true;
    const diff = isKept ? await this.#begin(push) : this.#plan(push);
    return { ...startPushResponse(push, diff), environmentVariables };
  }

  async evaluatePush(request: StartPushRequest): Promise<EvaluatePushResponse> {
    const push = await this.#analyze(request);
    return { schemaChange: startPushResponse(push, this.#plan(push)).schemaChange };
  }

  async evaluateSchema(request: StartPushRequest): Promise<EvaluateSchemaResponse> {
    const { engine, seams } = this.#options;
    const push = await this.#analyze(request);
    return {
      componentSchemaEvaluations: { "": await evaluateSchemaChange(engine, seams, push.schema) },
      newComponentDefinitions: [],
    };
  }

  /** `timeout` in milliseconds. */
  async waitForSchema(
    change: SchemaChange,
    liveId: string | null,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<SchemaStatus> {
    const { engine, seams, work } = this.#options;
    const id = change.schemaIds[""] ?? null;
    if (id === null || id === liveId) return NOTHING_TO_WAIT_FOR;
    const indexes = await this.#declaredIndexes(id);
    if (indexes === null) return { type: "raceDetected" };
    work.resume();
    return waitForStatus(engine, seams, () => schemaStatus(engine.catalog, id, indexes), timeout, signal);
  }

  async finish(request: FinishPushRequest, target: SwitchTarget): Promise<FinishPushDiff> {
    if (request.dryRun) return emptyDiff();
    const { engine, environment } = this.#options;
    const id = pushIdOf(request.startPush);
    if (this.#finished?.id === id && target.liveId === id) return this.#finished.diff;
    const version = await findPendingVersion(engine.snapshot());
    if (version?.id !== id) {
      throw new ApiError(
        "Conflict",
        "RaceDetected",
        "Another push has begun since this one: its schema and functions were overwritten.",
      );
    }
    if (!sameVariables(request.startPush.environmentVariables, environment.user)) {
      throw new ApiError("Conflict", "RaceDetected", "Environment variables have changed during push");
    }
    checkDeclaredVariables(version.definition, environment.current.variables);
    const diff = await target.switchTo(version);
    this.#finished = { id, diff };
    this.#declared = null;
    // Staged indexes may go on being built.
    this.#options.work.resume();
    return diff;
  }

  #analyze(request: StartPushRequest): Promise<AnalyzedPush> {
    const { engine, environment, evaluation, seams } = this.#options;
    return analyzePush({
      request,
      evaluation,
      stored: engine.snapshot(),
      id: hex(seams.random.bytes(16)),
      phase: {
        variables: environment.current.variables,
        importClock: seams.clock.now(),
        importSeed: hex(seams.random.bytes(32)),
      },
    });
  }

  /** Stores what finish_push will need, begins the indexes and puts the schema on its way. */
  async #begin({ version, schema, contents }: AnalyzedPush): Promise<IndexDiff> {
    const { engine, work } = this.#options;
    const { value: diff } = await engine.transact({ source: "start push", system: true }, async (tx) => {
      const liveId = tx.catalog.functionsVersion;
      const live = liveId === null ? null : await findVersion(tx, liveId);
      const before = await findPendingVersion(tx);
      if (before !== null) discardVersion(tx, before, live === null ? [version] : [version, live]);
      for (const [sha256, content] of contents) {
        if ((await tx.getRow("_modules", sha256)) === null) putModule(tx, sha256, content);
      }
      putVersion(tx, version);

      const declared = schema?.indexes ?? [];
      const planned = indexDiff(planIndexes(tx.catalog, declared));
      setPendingVersion(tx, { version: version.id, indexDiff: planned });
      for (const { table } of schema?.definition.tables ?? []) {
        if (tx.catalog.table("", table) === null) tx.editor.createTable("", table);
      }
      beginIndexes(tx, planIndexes(tx.catalog, declared));
      if (schema === null) {
        tx.editor.clearPendingSchema("");
      } else {
        tx.editor.setPendingSchema("", version.id, schema.definition);
        if (tablesToWalk(tx.catalog.schema(""), schema.definition).length === 0) {
          tx.editor.setPendingSchemaState("", { kind: "validated" });
        }
      }
      return planned;
    });
    this.#declared = { id: version.id, indexes: schema?.indexes ?? [] };
    work.resume();
    return diff;
  }

  #plan({ schema }: AnalyzedPush): IndexDiff {
    return indexDiff(planIndexes(this.#options.engine.catalog, schema?.indexes ?? []));
  }

  /** Of the push under way, which may have begun before this process did. */
  async #declaredIndexes(id: string): Promise<readonly DeclaredIndex[] | null> {
    if (this.#declared?.id === id) return this.#declared.indexes;
    const version = await findPendingVersion(this.#options.engine.snapshot());
    if (version?.id !== id) return null;
    this.#declared = { id, indexes: version.schema === null ? [] : declareSchema(version.schema).indexes };
    return this.#declared.indexes;
  }
}

function startPushResponse({ version, schema }: AnalyzedPush, diff: IndexDiff): StartPushResponse {
  const { definition, analysis, providers } = version;
  return {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: { "": { id: version.id } },
    appAuth: [...providers],
    analysis: {
      "": {
        definition,
        schema: schema?.json ?? null,
        functions: { ...analysis },
        udfConfig: {
          serverVersion: version.udfServerVersion,
          importPhaseRngSeed: convexToJson(bytesOf(version.importSeed)),
          importPhaseUnixTimestamp: convexToJson(BigInt(Math.trunc(version.importClock)) * 1_000_000n),
        },
      },
    },
    app: {
      definitionPath: "",
      componentPath: "",
      httpPrefix: definition.httpPrefix ?? null,
      args: {},
      env: {},
      childComponents: {},
      httpRoutes: {
        httpModuleRoutes: analysis["http.js"]?.httpRoutes?.map(({ route }) => route) ?? null,
        mounts: Object.keys(definition.httpMounts),
      },
      exports: {},
    },
    schemaChange: {
      allocatedComponentIds: {},
      schemaIds: { "": schema === null ? null : version.id },
      indexDiffs: { "": diff },
    },
  };
}

/** The id that start_push has hidden in its answer, of which tools hand back every part. */
function pushIdOf(startPush: FinishPushRequest["startPush"]): string {
  const id = (startPush.componentDefinitionPackages[""] as { id?: unknown } | null | undefined)?.id;
  if (typeof id === "string") return id;
  throw new ApiError(
    "BadRequest",
    "InvalidConfig",
    "`startPush` is not what start_push has answered: push again.",
  );
}

function sameVariables(started: Readonly<Record<string, string>>, now: ReadonlyMap<string, string>): boolean {
  const entries = Object.entries(started);
  return entries.length === now.size && entries.every(([name, value]) => now.get(name) === value);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function bytesOf(hexDigits: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(hexDigits, "hex")).buffer;
}

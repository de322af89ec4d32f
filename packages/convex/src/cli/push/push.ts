import type { FinishPushDiff, SchemaStatus, StartPushRequest, StartPushResponse } from "@tandem/protocol";
import type { DeploymentHttp } from "../deployment/http.ts";
import { Failure } from "../failure.ts";
import { protocolVersion } from "../version.ts";
import type { BundledApp } from "./bundle.ts";
import { splitByHash } from "./diff.ts";
import { createPushRequests } from "./upload.ts";

/** What a push does besides sending. */
export interface PushOptions {
  /** Folder of the functions as `convex.json` names it. */
  readonly functions?: string;
  readonly nodeVersion?: string | undefined;
  /** Only tells what would happen. */
  readonly dryRun?: boolean;
  /** Note for the deployment's audit log. */
  readonly message?: string | undefined;
  /** What is going on, for a spinner. */
  readonly onProgress?: (text: string) => void;
  /** Called with what the deployment found in the app, before anything takes effect. */
  readonly onAnalysis?: (start: StartPushResponse) => Promise<void> | void;
  /** Called with the schema evaluation of deployments that have one, before anything takes effect. */
  readonly onSchemaEvaluation?: (evaluation: unknown) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Most pushes in a row that may lose against a change on the deployment. */
const maxRaces = 5;

/** The body of a push. Modules that the deployment has are named by hash only. */
export function startPushRequest(
  adminKey: string,
  app: BundledApp,
  known: Parameters<typeof splitByHash>[1],
  options: Pick<PushOptions, "functions" | "nodeVersion" | "dryRun">,
): StartPushRequest {
  return {
    adminKey,
    dryRun: options.dryRun ?? false,
    functions: options.functions ?? "convex/",
    appDefinition: {
      definition: app.definition,
      dependencies: [],
      schema: app.schema,
      ...splitByHash(app.modules, known),
      udfServerVersion: protocolVersion,
    },
    componentDefinitions: [],
    nodeDependencies: [...app.nodeDependencies],
    ...(options.nodeVersion === undefined ? {} : { nodeVersion: options.nodeVersion }),
    forCodegen: false,
  };
}

/** Sends an app for analysis only: nothing takes effect (R §4.2, `codegen`). */
export async function analyzeApp(
  http: DeploymentHttp,
  app: BundledApp,
  options: PushOptions = {},
): Promise<StartPushResponse> {
  const requests = createPushRequests(http);
  const { moduleHashes } = await requests.configHashes(options.signal);
  const request = startPushRequest(http.deployment.adminKey, app, moduleHashes, options);
  return await requests.startPush({ ...request, forCodegen: true }, options.signal);
}

/**
 * Pushes an app: sends the changed modules, waits until the schema holds and indexes are filled, and
 * switches to the new version. Starts over if something changed on the deployment meanwhile. Throws a
 * {@link Failure} whose `remedy` says what would have to change.
 */
export async function push(
  http: DeploymentHttp,
  app: BundledApp,
  options: PushOptions = {},
): Promise<FinishPushDiff> {
  for (let races = 0; ; races++) {
    try {
      return await pushOnce(http, app, options);
    } catch (error) {
      const lost = error instanceof Failure && error.remedy?.type === "again";
      if (!lost || races + 1 >= maxRaces) throw error;
      options.onProgress?.("Something changed on the deployment meanwhile. Pushing again ...");
    }
  }
}

async function pushOnce(
  http: DeploymentHttp,
  app: BundledApp,
  options: PushOptions,
): Promise<FinishPushDiff> {
  const { dryRun = false, signal } = options;
  const requests = createPushRequests(http);
  options.onProgress?.("Comparing with the deployment ...");
  const { moduleHashes } = await requests.configHashes(signal);
  const request = startPushRequest(http.deployment.adminKey, app, moduleHashes, options);
  if (options.onSchemaEvaluation !== undefined) {
    const evaluation = await requests.evaluateSchema(request, signal);
    if (evaluation !== null) options.onSchemaEvaluation(evaluation);
  }
  options.onProgress?.("Sending functions ...");
  const start = await requests.startPush(request, signal);
  await options.onAnalysis?.(start);
  for (;;) {
    const status = await requests.waitForSchema(start, dryRun, signal);
    if (status.type === "complete") break;
    if (status.type === "inProgress") {
      options.onProgress?.(describeSchemaProgress(status));
      continue;
    }
    throw schemaFailure(status);
  }
  const finished = await requests.finishPush(start, { dryRun, message: options.message ?? null }, signal);
  if (!dryRun) await requests.reportCompleted(signal);
  return finished;
}

function describeSchemaProgress({ components }: Extract<SchemaStatus, { type: "inProgress" }>): string {
  const all = Object.values(components);
  const total = all.reduce((sum, { indexesTotal }) => sum + indexesTotal, 0);
  const complete = all.reduce((sum, { indexesComplete }) => sum + indexesComplete, 0);
  const parts = [
    ...(complete < total ? [`filling indexes (${complete} of ${total} ready)`] : []),
    ...(all.some(({ schemaValidationComplete }) => !schemaValidationComplete)
      ? ["checking documents against the schema"]
      : []),
  ];
  return `Preparing the deployment: ${parts.length === 0 ? "almost done" : parts.join(", ")} ...`;
}

function schemaFailure(status: Extract<SchemaStatus, { type: "failed" | "raceDetected" }>): Failure {
  if (status.type === "raceDetected") {
    return new Failure("Another push changed the schema during this one. Push again.", {
      remedy: { type: "again" },
    });
  }
  const { error, tableName, componentPath } = status;
  if (tableName === null) {
    return new Failure(`The schema does not hold: ${error}`, { remedy: { type: "files" } });
  }
  return new Failure(
    `The schema does not hold for the documents in "${tableName}":\n${error}\nChange the schema, or the documents (see them with \`npx convex data ${tableName}\`).`,
    { remedy: { type: "table", tableName, componentPath } },
  );
}

import { brotliCompressSync } from "node:zlib";
import type {
  AppDefinitionConfig,
  FinishPushDiff,
  ModuleConfig,
  SchemaStatus,
  StartPushRequest,
  StartPushResponse,
} from "@tandem/protocol";
import { bundleSources } from "./bundle_sources.ts";
import type { StartedDeployment } from "./start_deployment.ts";

/** An answer of the deploy API. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends a request as the CLI does: JSON, compressed with brotli. */
export async function send<T>(
  { app, adminKey }: StartedDeployment,
  path: string,
  body: object,
): Promise<Answer<T>> {
  const response = await app.request(path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-encoding": "br",
      authorization: `Convex ${adminKey}`,
      "convex-client": "npm-cli-1.48.0",
    },
    body: new Uint8Array(brotliCompressSync(JSON.stringify({ adminKey, ...body }))),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as T };
}

/** The body of start_push for sources below `convex/`, bundled as the CLI bundles them (R §5.1). */
export async function pushRequest(
  files: Readonly<Record<string, string>>,
  unchanged: AppDefinitionConfig["unchangedModuleHashes"] = [],
): Promise<Omit<StartPushRequest, "adminKey">> {
  const single = async (name: string): Promise<ModuleConfig | null> =>
    files[name] === undefined ? null : (await bundleSources({ [name]: files[name] }, false))[0]!;
  const special = ["schema.ts", "convex.config.ts", "auth.config.ts"];
  const functions = Object.fromEntries(Object.entries(files).filter(([name]) => !special.includes(name)));
  const auth = await single("auth.config.ts");
  const skipped = new Set(unchanged.map(({ path }) => path));
  const modules = [...(await bundleSources(functions, true)), ...(auth === null ? [] : [auth])];
  return {
    dryRun: false,
    functions: "convex/",
    appDefinition: {
      definition: await single("convex.config.ts"),
      dependencies: [],
      schema: await single("schema.ts"),
      changedModules: modules.filter(({ path }) => !skipped.has(path)),
      unchangedModuleHashes: unchanged,
      udfServerVersion: "1.48.0",
    },
    componentDefinitions: [],
    nodeDependencies: [],
  };
}

type Files = Readonly<Record<string, string>>;

export async function start(started: StartedDeployment, files: Files, overrides: object = {}) {
  return send<StartPushResponse>(started, "/api/deploy2/start_push", {
    ...(await pushRequest(files)),
    ...overrides,
  });
}

/** Waits until the push is checked, for good or bad. */
export async function settle(started: StartedDeployment, push: StartPushResponse): Promise<SchemaStatus> {
  for (;;) {
    const body = { schemaChange: push.schemaChange, timeoutMs: 5000, dryRun: false };
    const { body: status } = await send<SchemaStatus>(started, "/api/deploy2/wait_for_schema", body);
    if (status.type !== "inProgress") return status;
  }
}

export async function finish(started: StartedDeployment, push: StartPushResponse, overrides: object = {}) {
  const body = { startPush: push, dryRun: false, message: null, ...overrides };
  return send<FinishPushDiff & { code?: string; message?: string }>(
    started,
    "/api/deploy2/finish_push",
    body,
  );
}

/** A whole push; throws when a step of it is refused. */
export async function push(started: StartedDeployment, files: Files): Promise<FinishPushDiff> {
  const begun = await start(started, files);
  if (begun.status !== 200) throw new Error(JSON.stringify(begun.body));
  const status = await settle(started, begun.body);
  if (status.type !== "complete") throw new Error(JSON.stringify(status));
  const finished = await finish(started, begun.body);
  if (finished.status !== 200) throw new Error(JSON.stringify(finished.body));
  return finished.body;
}

import type {
  FinishPushDiff,
  GetConfigHashesResponse,
  SchemaStatus,
  StartPushRequest,
  StartPushResponse,
} from "@tandem/protocol";
import { type DeploymentHttp, HttpFailure, UnreachableFailure } from "../deployment/http.ts";
import { Failure, type Remedy } from "../failure.ts";
import { protocolVersion } from "../version.ts";

/** How long the deployment holds a `wait_for_schema` before it answers "in progress", in ms (R §4.6). */
const schemaPollMs = 10_000;

/** The requests of a push (R §4.3–4.7), each failing with a {@link Failure} that says what would help. */
export interface PushRequests {
  configHashes(signal?: AbortSignal): Promise<GetConfigHashesResponse>;
  /** Whether schema changes would need work; null from a deployment that cannot tell. */
  evaluateSchema(request: StartPushRequest, signal?: AbortSignal): Promise<unknown>;
  startPush(request: StartPushRequest, signal?: AbortSignal): Promise<StartPushResponse>;
  waitForSchema(start: StartPushResponse, dryRun: boolean, signal?: AbortSignal): Promise<SchemaStatus>;
  finishPush(
    start: StartPushResponse,
    about: { dryRun: boolean; message: string | null },
    signal?: AbortSignal,
  ): Promise<FinishPushDiff>;
  reportCompleted(signal?: AbortSignal): Promise<void>;
}

/** Makes the requests for one deployment. */
export function createPushRequests(http: DeploymentHttp): PushRequests {
  const { adminKey } = http.deployment;
  const post = async (
    path: string,
    body: object,
    options: {
      brotli?: boolean;
      retries?: number;
      retryNotFound?: boolean;
      signal?: AbortSignal | undefined;
    },
  ): Promise<unknown> => {
    const { signal, ...rest } = options;
    try {
      return await http.json(path, {
        method: "POST",
        body,
        ...rest,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (error instanceof HttpFailure) throw explain(error);
      throw error;
    }
  };
  return {
    configHashes: async (signal) =>
      (await post(
        "/api/get_config_hashes",
        { version: protocolVersion, adminKey },
        { signal },
      )) as GetConfigHashesResponse,
    async evaluateSchema(request, signal) {
      try {
        return await http.json("/api/deploy2/evaluate_schema", {
          method: "POST",
          body: request,
          brotli: true,
          retries: 1,
          retryNotFound: false,
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        // Older deployments do not have it, and faults of the push itself come back from start_push.
        if (error instanceof HttpFailure || error instanceof UnreachableFailure) return null;
        throw error;
      }
    },
    startPush: async (request, signal) =>
      (await post("/api/deploy2/start_push", request, { brotli: true, signal })) as StartPushResponse,
    waitForSchema: async (start, dryRun, signal) =>
      (await post(
        "/api/deploy2/wait_for_schema",
        { adminKey, schemaChange: start.schemaChange, timeoutMs: schemaPollMs, dryRun },
        { signal },
      )) as SchemaStatus,
    finishPush: async (start, { dryRun, message }, signal) =>
      (await post(
        "/api/deploy2/finish_push",
        { adminKey, startPush: start, dryRun, message },
        { brotli: true, signal },
      )) as FinishPushDiff,
    async reportCompleted(signal) {
      try {
        await post("/api/deploy2/report_push_completed", { adminKey, spans: [] }, { retries: 0, signal });
      } catch {
        // The push is over and in effect; the deployment only loses a note about it.
      }
    },
  };
}

/** Adds to a refusal what the user can do about it (R §4.4, "Codes special-cased by the CLI"). */
export function explain(error: HttpFailure): Failure {
  const about = (message: string, remedy: Remedy): Failure =>
    new Failure(message, { remedy, code: error.code, cause: error });
  switch (error.code) {
    case "AuthConfigMissingEnvironmentVariable": {
      const name = /Environment variable (\S+)/.exec(error.message)?.[1];
      if (name === undefined) break;
      return about(
        `auth.config reads the environment variable ${name}, which is not set on the deployment. Set it with:\n  npx convex env set ${name} <value>`,
        { type: "environment", names: [name] },
      );
    }
    case "MissingEnvironmentVariables": {
      const names = /are not set: ([^.]+)\./.exec(error.message)?.[1]?.split(", ");
      if (names === undefined) break;
      const commands = names.map((name) => `  npx convex env set ${name} <value>`).join("\n");
      return about(
        `convex.config requires environment variables that are not set on the deployment. Set them with:\n${commands}`,
        {
          type: "environment",
          names,
        },
      );
    }
    case "RaceDetected":
      return about(`Something changed on the deployment during the push: ${error.message}`, {
        type: "again",
      });
    default:
      break;
  }
  if (error.status === 400) return about(error.message, { type: "files" });
  if (error.status === 503 || error.status === 409) return about(error.message, { type: "again" });
  return error;
}

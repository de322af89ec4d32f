import type { Engine } from "@tandem/engine";
import type { Lanes } from "@tandem/runtime";
import type { Hono } from "hono";
import type { TokenFacts, TokenGate } from "./auth/caller.ts";
import { createAuthenticator, issueAdminKey } from "./auth/index.ts";
import type { Signatures } from "./auth/signatures/signatures.ts";
import { deployApi, openDeployment } from "./deploy/index.ts";
import { runtimeEvaluation } from "./deploy/runtime_evaluation.ts";
import { openEnvironment } from "./environment/index.ts";
import { Executor } from "./execute/executor.ts";
import { forgetRequests } from "./execute/forget_requests.ts";
import { functionApi } from "./http/function_api.ts";
import { routes } from "./http/routes.ts";
import type { Limits } from "./limits.ts";
import { LiveQueries } from "./live/live_queries.ts";
import { FunctionLog } from "./logs/function_log.ts";
import { logApi } from "./logs/log_api.ts";
import type { Seams } from "./seams.ts";
import { SyncSession } from "./sync/session.ts";
import type { SyncSocket, SyncSocketListener } from "./sync/socket.ts";
import { TransitionEncoder } from "./sync/transitions.ts";
import { createSystemFunctions } from "./system/index.ts";

export interface BackendOptions {
  readonly engine: Engine;
  readonly lanes: Lanes;
  readonly seams: Seams;
  readonly limits: Limits;
  readonly instanceName: string;
  /** 64 hex digits; everything the instance signs or seals hangs on it. */
  readonly instanceSecret: string;
  /** Where clients reach this server: what functions see as CONVEX_CLOUD_URL and CONVEX_SITE_URL. */
  readonly urls: { readonly cloud: string; readonly site: string };
  /** The protocol level told to tools. */
  readonly version: string;
  /** Errors and log lines of functions stay on the server (P §6.1). */
  readonly redact: boolean;
  /** What is the server's own fault. */
  readonly report: (error: unknown) => void;
  /** Who knows of sessions that ended before their tokens. */
  readonly gate?: TokenGate;
  /** Who verifies the signatures of tokens; the calling thread by default. */
  readonly signatures?: Signatures;
}

/** The Convex-compatible server, without a listener of its own. */
export interface Backend {
  /** The HTTP face. */
  readonly app: Hono;
  /** Key for `convex dev`, `deploy` and the dashboard. */
  readonly adminKey: string;
  /** Begins a sync session on a socket. */
  accept(socket: SyncSocket, client: { acceptsChunks: boolean }): SyncSocketListener;
  /** Signs out, at once, every open socket whose token `match` names; such tokens are asked about anew. */
  endCallers(match: (token: TokenFacts) => boolean): void;
  close(): Promise<void>;
}

/** Composes the parts; nothing else knows them all. */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { engine, lanes, seams, limits, instanceName, instanceSecret, urls, redact, report } = options;
  const environment = await openEnvironment({
    engine,
    instanceSecret,
    limits,
    seams,
    systemVariables: { CONVEX_CLOUD_URL: urls.cloud, CONVEX_SITE_URL: urls.site },
  });
  const deployment = await openDeployment({
    engine,
    lanes,
    environment,
    evaluation: runtimeEvaluation,
    limits,
    seams,
    instanceName,
    report,
  });
  const authenticator = createAuthenticator({
    instanceName,
    instanceSecret,
    providers: () => deployment.authProviders(),
    seams,
    redact,
    providerTimeout: limits.providerTimeout,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    ...(options.signatures === undefined ? {} : { signatures: options.signatures }),
  });
  const log = new FunctionLog(limits.logEntries);
  const system = createSystemFunctions({ engine, deployment, environment, urls, seams });
  const executor = new Executor({ engine, lanes, functions: deployment, system, log, seams, redact });
  const live = new LiveQueries({
    engine,
    run: (query, caller, at) => executor.query(query, caller, at),
    now: () => seams.clock.now(),
    cacheBytes: limits.queryCache,
    timeDependentMilliseconds: limits.timeDependentResult,
  });
  const unlisten = deployment.onSwitch((ts) => live.invalidateAll(ts));

  const stopForgetting = forgetRequests({ engine, seams, keep: limits.requestMemory, report });

  const sessions = new Set<SyncSession>();
  const context = {
    engine,
    live,
    executor,
    authenticator,
    seams,
    encoder: new TransitionEncoder(),
    report,
    limits: {
      queuedMutations: limits.queuedMutations,
      inflightActions: limits.inflightActions,
      unsentTransitions: limits.unsentTransitions,
      chunkBytes: limits.chunkBytes,
      heartbeatMilliseconds: limits.heartbeat,
      catchUpMilliseconds: limits.catchUp,
    },
  };

  const app = routes({ instanceName, version: options.version, echoBody: limits.echoBody, report }, [
    functionApi({ engine, executor, live, authenticator, limits, instanceName, seams }),
    deployApi({ engine, deployment, environment, authenticator, limits, instanceName, urls, seams }),
    logApi({ log, authenticator, instanceName, limits, seams }),
  ]);

  return {
    app,
    adminKey: issueAdminKey({ instanceName, instanceSecret, seams }),
    accept(socket, client) {
      const session = new SyncSession(context, socket, client);
      sessions.add(session);
      return {
        message: (text) => session.message(text),
        binary: () => session.binary(),
        closed: () => {
          sessions.delete(session);
          session.closed();
        },
      };
    },
    endCallers(match) {
      authenticator.forget(match);
      for (const session of sessions) {
        session.endCaller(match);
      }
    },
    async close() {
      unlisten();
      await stopForgetting();
      for (const session of sessions) {
        session.closed();
      }
      sessions.clear();
      await deployment.close();
    },
  };
}

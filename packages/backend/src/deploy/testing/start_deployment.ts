import { randomBytes } from "node:crypto";
import { type Engine, MemoryMedium, openEngine } from "@tandem/engine";
import { type PlainFunction, PlainLanes } from "@tandem/runtime/simulation";
import { Hono } from "hono";
import { createAuthenticator, issueAdminKey } from "../../auth/index.ts";
import { type EnvironmentStore, openEnvironment } from "../../environment/index.ts";
import { errorResponse } from "../../http/errors.ts";
import { readLimits } from "../../limits.ts";
import type { Seams } from "../../seams.ts";
import { createSystemFunctions, type SystemFunctions } from "../../system/index.ts";
import { deployApi } from "../deploy_api.ts";
import { type Deployment, openDeployment } from "../deployment.ts";

export interface StartedDeployment {
  readonly engine: Engine;
  readonly lanes: PlainLanes;
  readonly deployment: Deployment;
  readonly environment: EnvironmentStore;
  readonly system: SystemFunctions;
  readonly app: Hono;
  readonly adminKey: string;
  readonly urls: { readonly cloud: string; readonly site: string };
  /** What was reported as the server's own fault; a test that expects none looks here. */
  readonly reported: unknown[];
  /** Ends it and opens it again over the same store. */
  restart(): Promise<StartedDeployment>;
  close(): Promise<void>;
}

const instanceName = "tandem-test";
const instanceSecret = "4b".repeat(32);

const seams: Seams = {
  clock: { now: () => Date.now() },
  timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout), setImmediate },
  random: { bytes: (length) => randomBytes(length) },
  fetch: () => Promise.reject(new Error("This test has no network.")),
};

/** A deployment over a store in memory, with the deploy API's HTTP face. */
export async function startDeployment(
  functions: ReadonlyMap<string, PlainFunction> = new Map(),
  medium = new MemoryMedium(),
): Promise<StartedDeployment> {
  const persistence = medium.open();
  const urls = { cloud: "http://127.0.0.1:3210", site: "http://127.0.0.1:3211" };
  const reported: unknown[] = [];
  const engine = await openEngine({
    persistence,
    // In whole milliseconds two documents of two transactions might be of the same age.
    clock: { nowMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) },
    random: seams.random,
    timers: seams.timers,
    fatal: (error) => reported.push(error),
  });
  const limits = readLimits({});
  const lanes = new PlainLanes({
    engine,
    reader: persistence,
    functions,
    clock: seams.clock,
    random: seams.random,
    pause: () => Promise.resolve(),
  });
  const environment = await openEnvironment({
    engine,
    instanceSecret,
    limits,
    seams,
    systemVariables: { CONVEX_CLOUD_URL: urls.cloud, CONVEX_SITE_URL: urls.site },
  });
  const report = (error: unknown) => void reported.push(error);
  const deployment = await openDeployment({
    engine,
    lanes,
    environment,
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
    redact: false,
    providerTimeout: 1000,
  });
  const app = new Hono();
  app.route(
    "/",
    deployApi({ engine, deployment, environment, authenticator, limits, instanceName, urls, seams }),
  );
  app.onError((error) => errorResponse(error, report));
  const close = async () => {
    await deployment.close();
    await lanes.close();
    await engine.close();
  };
  return {
    engine,
    lanes,
    deployment,
    environment,
    system: createSystemFunctions({ engine, deployment, environment, urls, seams }),
    app,
    adminKey: issueAdminKey({ instanceName, instanceSecret, seams }),
    urls,
    reported,
    async restart() {
      await close();
      return startDeployment(functions, medium);
    },
    close,
  };
}

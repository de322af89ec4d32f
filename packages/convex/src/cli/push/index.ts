import type { FinishPushDiff } from "@tandem/protocol";
import { createDeploymentHttp, type Deployment, realSurroundings } from "../deployment/http.ts";
import type { BundledApp } from "./bundle.ts";
import { type PushOptions, push } from "./push.ts";

export {
  type BundledApp,
  type BundleOptions,
  type Bundler,
  bundleFunctions,
  createBundler,
} from "./bundle.ts";
export { type BundledModule, moduleHash } from "./module.ts";
export { analyzeApp, type PushOptions, push } from "./push.ts";

/**
 * Pushes a bundled app to a deployment, for programs that do not want to start the command: tests,
 * benchmarks, scripts. Resolves when the new version is in effect; throws a `Failure` otherwise.
 */
export function pushModules(
  deployment: Deployment,
  app: BundledApp,
  options: PushOptions = {},
): Promise<FinishPushDiff> {
  return push(createDeploymentHttp(deployment, realSurroundings()), app, options);
}

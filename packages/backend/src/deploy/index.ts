export { deployApi } from "./deploy_api.ts";
export type { DeployContext } from "./deploy_context.ts";
export { type Deployment, type DeploymentOptions, openDeployment } from "./deployment.ts";
export type { EvaluatedModule, Evaluation, ImportPhase } from "./evaluation.ts";
export type { LiveFunctions, LivePair } from "./live_functions.ts";

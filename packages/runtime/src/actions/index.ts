export { type ActionLimits, DEFAULT_ACTION_LIMITS } from "./action_limits.ts";
export { ActionRunner, type ActionRunnerParts } from "./action_runner.ts";
export type { DeploymentMetadata } from "./action_syscalls.ts";
export type { ActionWorld } from "./running_action.ts";

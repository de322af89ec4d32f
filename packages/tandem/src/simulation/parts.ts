/** The product's own code that the simulation puts together; with a planted bug, all of it is loaded again. */
export { LaneView, openEngine } from "@tandem/engine";
export { PlainLanes } from "@tandem/runtime/simulation";
export { Executor } from "../../../backend/src/execute/executor.ts";
export { LiveQueries } from "../../../backend/src/live/live_queries.ts";
export { FunctionLog } from "../../../backend/src/logs/function_log.ts";
export { SyncSession } from "../../../backend/src/sync/session.ts";
export { TransitionEncoder } from "../../../backend/src/sync/transitions.ts";
export { BaseConvexClient } from "../../../convex/src/browser/sync/base_client.ts";

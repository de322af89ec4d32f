/** The product's own code that the simulation puts together; with a planted bug, all of it is loaded again. */

export { Executor, FunctionLog, LiveQueries, SyncSession, TransitionEncoder } from "@tandem/backend/parts";
export { BaseConvexClient } from "@tandem/convex/browser";
export { LaneView, openEngine } from "@tandem/engine";
export { PlainLanes } from "@tandem/runtime/simulation";

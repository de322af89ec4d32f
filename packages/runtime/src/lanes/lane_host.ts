import type { FromDatabase, ToDatabase } from "@tandem/engine";
import type { PreparedVersion } from "../modules/prepare_version.ts";
import type { Environment, MutationCall, MutationOutcome, QueryCall, QueryOutcome } from "./lane.ts";
import type { LaneSettings } from "./lane_parts.ts";

/** What a read lane's thread is started with. */
export interface ReadLaneWorkerData {
  readonly path: string;
  readonly settings: LaneSettings;
}

/** What the database's thread is started with. */
export interface DatabaseWorkerData {
  readonly path: string;
  readonly settings: LaneSettings;
  /** For how long commits are remembered for validation, in microseconds of their timestamps. */
  readonly window: number;
}

/** To a lane. Sent in batches, one message for all of an event-loop turn. */
export type ToLane =
  /** Functions will come: get ready. */
  | { readonly kind: "open" }
  | { readonly kind: "load"; readonly version: PreparedVersion; readonly id: number }
  | { readonly kind: "environment"; readonly environment: Environment }
  | { readonly kind: "retire"; readonly version: string }
  | { readonly kind: "query"; readonly id: number; readonly call: QueryCall }
  | { readonly kind: "mutation"; readonly id: number; readonly call: MutationCall };

/** From a lane, batched likewise. */
export type FromLane =
  | { readonly kind: "loaded"; readonly id: number }
  | { readonly kind: "result"; readonly id: number; readonly outcome: QueryOutcome }
  /** A mutation is on disk, or has failed as a function does. */
  | { readonly kind: "outcome"; readonly id: number; readonly outcome: MutationOutcome }
  /** The system's own trouble with a query or a mutation. */
  | { readonly kind: "laneFailed"; readonly id: number; readonly code: string; readonly message: string };

/** To the database's thread, which has the write lane in it. */
export type ToDatabaseThread = ToLane | ToDatabase | { readonly kind: "closeLane" };

/** From the database's thread. */
export type FromDatabaseThread = FromLane | FromDatabase | { readonly kind: "laneClosed" };

/** A lane as the main thread has it, wherever it runs. */
export interface LaneEnd {
  send(message: ToLane): void;
  /** Resolves when it runs nothing any more: what it has not answered by then it will not answer. */
  close(): Promise<void>;
}

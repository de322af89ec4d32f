import type { LaneNews, Timestamp } from "@tandem/engine";
import type { PreparedVersion } from "../modules/prepare_version.ts";
import type { Environment, MutationCall, QueryCall, QueryOutcome } from "./lane.ts";
import type { LaneSettings } from "./lane_parts.ts";
import type { WriteLaneReport } from "./write_lane.ts";

/** What a lane's thread is started with. */
export interface LaneWorkerData {
  readonly role: "read" | "write";
  readonly path: string;
  readonly settings: LaneSettings;
  /** Where a write lane's view begins. */
  readonly durable: Timestamp;
}

/** To a lane. Sent in batches, one message for all of an event-loop turn. */
export type ToLane =
  | { readonly kind: "load"; readonly version: PreparedVersion; readonly id: number }
  | { readonly kind: "environment"; readonly environment: Environment }
  | { readonly kind: "retire"; readonly version: string }
  | { readonly kind: "query"; readonly id: number; readonly call: QueryCall }
  | { readonly kind: "mutation"; readonly id: number; readonly call: MutationCall }
  | { readonly kind: "news"; readonly news: LaneNews };

/** From a lane, batched likewise. */
export type FromLane =
  | { readonly kind: "loaded"; readonly id: number }
  | { readonly kind: "result"; readonly id: number; readonly outcome: QueryOutcome }
  | { readonly kind: "failed"; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: "report"; readonly report: WriteLaneReport };

/** A lane as the main thread has it, wherever it runs. */
export interface LaneEnd {
  send(message: ToLane): void;
  close(): Promise<void>;
}

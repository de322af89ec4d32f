import type { Timestamp, TransactionLimits } from "@tandem/engine";
import type { IsolateLimits } from "../isolate/limits.ts";

/** Clock and chance of a lane. */
export interface LaneSeams {
  readonly clock: { nowMicroseconds(): Timestamp };
  readonly random: { bytes(count: number): Uint8Array };
}

/** What every lane has to know. Plain data: it travels to worker threads. */
export interface LaneSettings {
  readonly limits: IsolateLimits;
  /** What one query or mutation may read and write. */
  readonly transactions: TransactionLimits;
  readonly instanceSecret: string;
  readonly deploymentName: string;
}

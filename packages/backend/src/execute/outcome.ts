import type { ReadRange, Timestamp } from "@tandem/engine";
import type { LogLine } from "@tandem/runtime";

/** A function's result in the form that clients get. */
export type ClientResult =
  | { readonly kind: "value" /** JSON text in Convex encoding. */; readonly value: string }
  | {
      readonly kind: "error";
      /** The error's own text, the same in every run that fails the same way. */
      readonly message: string;
      /** The text for the client: with request id, redacted where the deployment says so (P §6.1). */
      readonly clientMessage: string;
      /** JSON text of a ConvexError's data. */
      readonly data?: string;
    };

interface Run {
  readonly result: ClientResult;
  /** What the client gets of the console; empty where logs are redacted. */
  readonly logs: readonly LogLine[];
}

export interface QueryRun extends Run {
  readonly reads: readonly ReadRange[];
  readonly journal: string | null;
  readonly usedIdentity: boolean;
  readonly usedTime: boolean;
  readonly usedRandom: boolean;
}

export interface MutationRun extends Run {
  /** The commit's timestamp; `null` for a mutation that failed. */
  readonly ts: Timestamp | null;
}

export type ActionRun = Run;

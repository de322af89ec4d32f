import type { AnalyzedModule, FunctionKind } from "@tandem/runtime";

/** Which functions and which variables calls run with now. A new object at every switch. */
export interface LivePair {
  readonly version: string;
  readonly environment: string;
}

/** What the last push made live, as far as callers need to know. */
export interface LiveFunctions {
  readonly current: LivePair;
  /** Before the first push. */
  readonly isEmpty: boolean;
  readonly analysis: readonly AnalyzedModule[];
  /** Resolves when a switch that is under way has come to its end: {@link current} is then what the store says. */
  settled(): Promise<void>;
  /** Of a canonical path; `null` when there is no such function. */
  kindOf(path: string): FunctionKind | null;
}

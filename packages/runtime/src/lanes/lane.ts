import type { ReadRange, Timestamp } from "@tandem/engine";
import type { JSONValue, ValidatorJSON } from "@tandem/values";

export type FunctionKind = "query" | "mutation" | "action";

/** A module as pushed: ESM source with its source map. */
export interface ModuleSource {
  /** `dir/mod.js` */
  readonly path: string;
  readonly source: string;
  readonly sourceMap?: string;
}

export interface AnalyzedFunction {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly visibility: "public" | "internal";
  readonly args: ValidatorJSON;
  readonly returns: ValidatorJSON | null;
  /** Where it stands in the user's own source, 1-based, when known. */
  readonly position: { readonly path: string; readonly line: number; readonly column: number } | null;
}

export interface AnalyzedModule {
  readonly path: string;
  readonly functions: readonly AnalyzedFunction[];
}

/** All that a lane needs to run functions of one push; immutable, known by its id. */
export interface FunctionsVersion {
  readonly id: string;
  readonly modules: readonly ModuleSource[];
  readonly analysis: readonly AnalyzedModule[];
  /** Frozen at the push: the clock (ms) and the seed that modules see while they are evaluated (R §2.1). */
  readonly importClock: number;
  readonly importSeed: string;
}

/** Environment variables, the system's included. A change makes a new `environmentId`. */
export interface Environment {
  readonly id: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Plain JSON as `ctx.auth.getUserIdentity()` answers it (P §5.6); `null` is nobody. */
export type Identity = { readonly [attribute: string]: JSONValue } | null;

export interface FunctionCall {
  readonly version: string;
  readonly environment: string;
  /** Canonical: `dir/mod.js:export`. */
  readonly path: string;
  /** JSON text of the arguments object, in Convex encoding. */
  readonly args: string;
  readonly identity: Identity;
  readonly requestId: string;
  /** May internal functions be called? True for admins and for the scheduler. */
  readonly internal: boolean;
}

export interface QueryCall extends FunctionCall {
  readonly at: Timestamp;
  /** The end cursor of the page this query read last time (P §4.7), or `null`. */
  readonly journal: string | null;
}

export interface MutationCall extends FunctionCall {
  /** Makes a resend of the same request answer the stored result instead of running again (P §1.6). */
  readonly once: { readonly sessionId: string; readonly requestId: number } | null;
}

export type ActionCall = FunctionCall;

export interface LogLine {
  readonly level: "DEBUG" | "ERROR" | "WARN" | "INFO" | "LOG";
  readonly messages: readonly string[];
  readonly isTruncated: boolean;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly systemMetadata?: { readonly code: string };
  /** Of a nested call. */
  readonly udfPath?: string;
}

/** What the function made of it: a value, or an error that is the developer's or the caller's. */
export type FunctionResult =
  | { readonly kind: "value" /** JSON text in Convex encoding. */; readonly value: string }
  | {
      readonly kind: "error";
      /** `Uncaught Error: …` with source-mapped frames, or a host message such as `ArgumentValidationError: …`. */
      readonly message: string;
      /** JSON text of a ConvexError's data; absent for any other error. */
      readonly data?: string;
      /** Machine-readable reason of errors the host itself raises, e.g. `InvalidCursor`, `TooManyReads`. */
      readonly code?: string;
    };

export interface Usage {
  readonly documentsRead: number;
  readonly bytesRead: number;
  readonly documentsWritten: number;
  readonly bytesWritten: number;
  readonly databaseQueries: number;
  /** Milliseconds of the user's own JavaScript. */
  readonly userTime: number;
  readonly memoryMegabytes: number;
}

interface Outcome {
  readonly result: FunctionResult;
  readonly logs: readonly LogLine[];
  readonly usage: Usage;
}

export interface QueryOutcome extends Outcome {
  readonly reads: readonly ReadRange[];
  readonly journal: string | null;
  /** Did it ask who the caller is? If not, its result serves every identity. */
  readonly usedIdentity: boolean;
  /** Did it look at the clock? Then a cached result grows stale (R §3.5). */
  readonly usedTime: boolean;
  /** Did it draw random numbers? Then its result is not cached beyond its subscribers. */
  readonly usedRandom: boolean;
}

export interface MutationOutcome extends Outcome {
  /** When it is on disk: its commit's timestamp; for a function that failed, `null`. */
  readonly ts: Timestamp | null;
}

export type ActionOutcome = Outcome;

/** What an action may ask of the backend while it runs. Answers are JSON text in Convex encoding. */
export interface ActionHost {
  run(kind: FunctionKind, call: Omit<FunctionCall, "version" | "environment">): Promise<FunctionResult>;
}

/** The system's own trouble, not the developer's: worth a retry. `code` is one of P §6.2's short codes. */
export class LaneError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "LaneError";
    this.code = code;
  }
}

/** Everything that runs functions. The simulation puts plain functions behind the same interface. */
export interface Lanes {
  /** Makes a version known to every lane; resolves when all have it. A version stays until `retire`. */
  load(version: FunctionsVersion): Promise<void>;
  setEnvironment(environment: Environment): Promise<void>;
  /** The version is no longer called: its code may leave memory. */
  retire(versionId: string): void;

  query(call: QueryCall): Promise<QueryOutcome>;
  /** Retries conflicts by itself. Rejects with `LaneError` when the system, not the function, failed. */
  mutation(call: MutationCall): Promise<MutationOutcome>;
  action(call: ActionCall, host: ActionHost): Promise<ActionOutcome>;

  close(): Promise<void>;
}

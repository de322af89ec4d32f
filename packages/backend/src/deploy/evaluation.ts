import type { AnalyzedCron, AnalyzedHttpRoute } from "@tandem/protocol";
import type { AnalyzedModule, ModuleSource } from "@tandem/runtime";

/** What a module's top level sees of the world while a push evaluates it (R §2.1). */
export interface ImportPhase {
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly importClock: number;
  /** 64 hex digits. */
  readonly importSeed: string;
}

/** A module's functions, and what only `http.ts` and `crons.ts` have. */
export interface EvaluatedModule extends AnalyzedModule {
  readonly httpRoutes: readonly AnalyzedHttpRoute[] | null;
  readonly cronSpecs: readonly AnalyzedCron[] | null;
}

/** Runs pushed code to learn what it exports. Rejects with `ApiError` when the code is at fault. */
export interface Evaluation {
  /** `_deps/` chunks are there to be imported, and have no entry in the answer. */
  modules(modules: readonly ModuleSource[], phase: ImportPhase): Promise<readonly EvaluatedModule[]>;
  /** What `schema.ts` exports, parsed (R §3.1). */
  schema(module: ModuleSource): Promise<unknown>;
  /** The default export of `auth.config.ts` (R §4.4). */
  authConfig(module: ModuleSource, phase: ImportPhase): Promise<unknown>;
  /** What `convex.config.ts` exports, parsed (R §6). */
  appDefinition(module: ModuleSource, phase: ImportPhase): Promise<unknown>;
}

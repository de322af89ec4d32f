import { DatabaseError, type Engine, type ReadRange, type Timestamp } from "@tandem/engine";
import { canonicalizeUdfPath } from "@tandem/protocol";
import type { FunctionResult } from "@tandem/runtime";
import { type CompiledValidator, compileValidator, type JSONValue, jsonToConvex } from "@tandem/values";
import type { Caller } from "../auth/caller.ts";
import { allowedOperations, operationText } from "../deploy/admin.ts";
import type { Deployment } from "../deploy/deployment.ts";
import type { EnvironmentStore } from "../environment/index.ts";
import { toClientResult } from "../execute/client_message.ts";
import type { QueryRun } from "../execute/outcome.ts";
import type { LiveQueryKey } from "../live/query_key.ts";
import type { Seams } from "../seams.ts";
import { SYSTEM_QUERIES } from "./registry.ts";
import type { SystemFunctions } from "./system_functions.ts";
import { pauseWith, type SystemQuery, SystemQueryError } from "./system_query.ts";

export interface SystemFunctionsOptions {
  readonly engine: Engine;
  readonly deployment: Deployment;
  readonly environment: EnvironmentStore;
  readonly urls: { readonly cloud: string; readonly site: string };
  readonly seams: Pick<Seams, "timers">;
}

const PREFIX = "_system/";

/** The server's own queries, for tools with an admin key (R §4.2, §4.13). */
export function createSystemFunctions(options: SystemFunctionsOptions): SystemFunctions {
  const queries = new Map<string, { query: SystemQuery; fault: CompiledValidator }>();
  for (const query of SYSTEM_QUERIES) queries.set(query.path, { query, fault: compileValidator(query.args) });
  const pause = pauseWith(options.seams.timers);

  const run = async (
    key: LiveQueryKey,
    caller: Caller,
    at: Timestamp,
  ): Promise<{ result: FunctionResult; reads: readonly ReadRange[] }> => {
    const found = queries.get(canonicalizeUdfPath(key.path));
    // Whether there is such a function is for admins to know.
    if (caller.kind !== "admin" || caller.actingAs !== null) {
      return failed(operationText(found?.query.operation ?? "ViewData"));
    }
    if (found === undefined) {
      return failed(`Could not find function for '${key.path}'. Did you forget to run \`npx convex dev\`?`);
    }
    const { query, fault } = found;
    if (!allowedOperations(caller).includes(query.operation)) return failed(operationText(query.operation));
    if (key.componentPath !== "") {
      return failed(`There is no component "${key.componentPath}": this server has none yet.`);
    }
    const args = jsonToConvex(JSON.parse(key.args) as JSONValue);
    const argumentFault = fault(args, NO_TABLES);
    if (argumentFault !== null) return failed(`ArgumentValidationError: ${argumentFault}`);

    const { engine, deployment, environment, urls } = options;
    const snapshot = engine.snapshot({ at });
    const watched: ReadRange[] = [];
    const watch = (range: ReadRange) => void watched.push(range);
    try {
      const context = { snapshot, deployment, environment, urls, pause, watch };
      const value = await query.run(context, args as never);
      return {
        result: { kind: "value", value: JSON.stringify(value) },
        reads: [...snapshot.reads, ...watched],
      };
    } catch (error) {
      const reads = [...snapshot.reads, ...watched];
      if (error instanceof SystemQueryError) {
        const { message, data } = error;
        const withData = data === undefined ? {} : { data: JSON.stringify(data) };
        return { result: { kind: "error", message, ...withData }, reads };
      }
      if (error instanceof DatabaseError) {
        return { result: { kind: "error", message: error.message, code: error.code }, reads };
      }
      throw error;
    }
  };

  return {
    owns: (path) => path.startsWith(PREFIX),
    async query(key, caller, at, requestId): Promise<QueryRun> {
      const { result, reads } = await run(key, caller, at);
      return {
        // Admins see their own errors whole, and others only that they may not.
        result: toClientResult(result, requestId, false),
        logs: [],
        reads,
        journal: null,
        usedIdentity: true,
        usedTime: false,
        usedRandom: false,
      };
    },
  };
}

const NO_TABLES = { tableNumberOf: () => null, tableNameOf: () => null };

function failed(message: string): { result: FunctionResult; reads: readonly ReadRange[] } {
  return { result: { kind: "error", message }, reads: [] };
}

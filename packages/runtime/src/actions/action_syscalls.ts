import type { JSONValue } from "@tandem/values";
import { answered, failed } from "../isolate/web/index.ts";
import type { ActionCall, ActionHost, FunctionKind, FunctionResult } from "../lanes/lane.ts";
import { printedPath } from "./check_call.ts";

/** What `ctx.meta.getDeploymentMetadata()` answers (R §1.5). */
export interface DeploymentMetadata {
  readonly name: string;
  readonly region: string | null;
  readonly class: "s16" | "s256" | "d1024" | "d2048";
}

interface Arguments {
  readonly name?: string;
  readonly functionHandle?: string;
  readonly reference?: string;
  readonly args?: JSONValue;
}

const kinds: Readonly<Record<string, FunctionKind>> = {
  "1.0/actions/query": "query",
  "1.0/actions/mutation": "mutation",
  "1.0/actions/action": "action",
};

/** One asynchronous syscall of an action (R §1.6), as an answer for the realm's bridge. Never rejects. */
export async function runActionSyscall(
  operation: string,
  payload: string,
  call: ActionCall,
  host: ActionHost,
  deployment: DeploymentMetadata,
): Promise<string> {
  try {
    const kind = kinds[operation];
    if (kind !== undefined) {
      const { path, args } = addressed(operation, JSON.parse(payload) as Arguments);
      const { identity, requestId } = call;
      // An action may call what only the app itself may: visibility is for clients.
      return answerOf(await host.run(kind, { path, args, identity, requestId, internal: true }));
    }
    switch (operation) {
      case "1.0/getUserIdentity":
        return answered(JSON.stringify(call.identity));
      case "1.0/getFunctionMetadata":
        return answered(JSON.stringify({ name: printedPath(call.path), componentPath: "" }));
      case "1.0/getDeploymentMetadata":
        return answered(JSON.stringify(deployment));
      case "1.0/getRequestMetadata":
        return answered(
          JSON.stringify({
            ip: null,
            userAgent: null,
            requestId: call.requestId,
            scheduledFunctionId: null,
            authToken: null,
          }),
        );
      case "1.0/auditLog":
        throw new Error("Audit logs cannot be written in actions; write them in a mutation.");
      default:
        throw new Error(`Unknown async operation ${operation}`);
    }
  } catch (error) {
    return failed(error instanceof Error ? new Error(error.message) : error);
  }
}

function answerOf(result: FunctionResult): string {
  if (result.kind === "value") return answered(result.value);
  const error = new Error(result.message.replace(/\n+$/, ""));
  return failed(error, result.data === undefined ? undefined : (JSON.parse(result.data) as unknown));
}

/** R §1.4: exactly one way of naming the function. */
function addressed(operation: string, given: Arguments): { path: string; args: string } {
  const args = JSON.stringify(given.args ?? {});
  if (typeof given.name === "string") return { path: canonicalPath(given.name), args };
  if (typeof given.reference === "string") {
    const own = /^_reference\/function\/(.+)$/.exec(given.reference);
    if (own === null)
      throw new Error(`The reference "${given.reference}" does not name a function of this app.`);
    return { path: canonicalPath(own[1]!), args };
  }
  if (typeof given.functionHandle === "string") {
    throw new Error(`The function handle "${given.functionHandle}" was not found.`);
  }
  throw new Error(`Invalid arguments for \`${operation}\`: Missing required argument 'name'`);
}

/** `dir/mod:fn` → `dir/mod.js:fn`; a missing export is `default`. */
function canonicalPath(name: string): string {
  const at = name.lastIndexOf(":");
  const module = at < 0 ? name : name.slice(0, at);
  const exported = at < 0 ? "default" : name.slice(at + 1);
  return `${module.endsWith(".js") ? module : `${module}.js`}:${exported}`;
}

import { canonicalFunctionPath, displayFunctionPath } from "../functions/function_path.ts";
import { answered, failed } from "../isolate/web/index.ts";
import type { ActionCall, ActionHost, FunctionKind, FunctionResult } from "../lanes/lane.ts";
import type { SyscallArgs } from "../syscalls/call_scope.ts";
import { addressOf } from "../syscalls/nested_calls.ts";

/** What `ctx.meta.getDeploymentMetadata()` answers (R §1.5). */
export interface DeploymentMetadata {
  readonly name: string;
  readonly region: string | null;
  readonly class: "s16" | "s256" | "d1024" | "d2048";
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
      const given = JSON.parse(payload) as SyscallArgs;
      const path = canonicalFunctionPath(addressOf(given));
      const args = JSON.stringify(given.args ?? {});
      const { identity, requestId } = call;
      // An action may call what only the app itself may: visibility is for clients.
      return answerOf(await host.run(kind, { path, args, identity, requestId, internal: true }));
    }
    switch (operation) {
      case "1.0/createFunctionHandle":
        return answered(JSON.stringify(functionHandle(JSON.parse(payload) as SyscallArgs)));
      case "1.0/getUserIdentity":
        return answered(JSON.stringify(call.identity));
      case "1.0/getFunctionMetadata":
        return answered(JSON.stringify({ name: displayFunctionPath(call.path), componentPath: "" }));
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

/** R §1.4. A handle that is given stays as it is. */
function functionHandle(given: SyscallArgs): string {
  if (typeof given.functionHandle === "string") return given.functionHandle;
  return `function://#${canonicalFunctionPath(addressOf(given))}`;
}

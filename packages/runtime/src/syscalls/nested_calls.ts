import { canonicalFunctionPath } from "../functions/function_path.ts";
import type { AsyncSyscall, SyscallArgs } from "./call_scope.ts";
import { SyscallError } from "./syscall_error.ts";

/** R §1.9. */
const MAX_DEPTH = 8;

export const runUdf: AsyncSyscall = (scope, args) => {
  const kind = args.udfType;
  if (kind !== "query" && kind !== "mutation" && kind !== "snapshotQuery") {
    throw new SyscallError(
      "InvalidArgument",
      `Invalid argument \`udfType\` for \`runUdf\`: ${JSON.stringify(kind)}`,
    );
  }
  if (scope.kind !== "mutation" && kind !== "query") {
    const called = kind === "mutation" ? "mutation" : "snapshot query";
    throw new SyscallError(
      "InvalidFunctionCall",
      `Cannot call a ${called} function from a ${scope.kind} function`,
    );
  }
  if (scope.depth >= MAX_DEPTH) {
    throw new SyscallError(
      "MaximumCallDepthExceeded",
      `Functions can call each other at most ${MAX_DEPTH} deep; "${addressOf(args)}" would be deeper.`,
    );
  }
  const limits = (args.transactionLimits ?? {}) as { [name: string]: number };
  return scope.runNested({
    kind,
    path: canonicalFunctionPath(addressOf(args)),
    args: JSON.stringify(args.args ?? {}),
    limits,
  });
};

/** Which function is meant (R §1.4): in an app without components names and references of its own. */
export function addressOf(args: SyscallArgs): string {
  const { name, reference, functionHandle } = args;
  if (typeof name === "string") return name;
  if (typeof functionHandle === "string") {
    const hash = functionHandle.indexOf("#");
    if (functionHandle.startsWith("function://") && hash !== -1) return functionHandle.slice(hash + 1);
    throw new SyscallError(
      "FunctionHandleNotFound",
      `There is no function with the handle "${functionHandle}".`,
    );
  }
  if (typeof reference === "string") {
    const own = "_reference/function/";
    if (reference.startsWith(own)) return reference.slice(own.length);
    throw new SyscallError(
      "InvalidReference",
      `"${reference}" leads to a component; none is mounted in this app.`,
    );
  }
  throw new SyscallError("InvalidArgument", "Missing required argument 'name'");
}

export const createFunctionHandle: AsyncSyscall = (_, args) => {
  if (typeof args.functionHandle === "string") return JSON.stringify(args.functionHandle);
  const path = canonicalFunctionPath(addressOf(args));
  return JSON.stringify(`function://#${path}`);
};

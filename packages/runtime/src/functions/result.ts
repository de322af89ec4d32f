import { DatabaseError } from "@tandem/engine";
import type { SyscallFault } from "../isolate/realm/host.ts";
import type { FunctionResult } from "../lanes/lane.ts";
import { SyscallError } from "../syscalls/index.ts";

type ErrorResult = Extract<FunctionResult, { kind: "error" }>;

/** An error of the host itself, that is the developer's or the caller's. */
export function hostError(message: string, code?: string): ErrorResult {
  return code === undefined ? { kind: "error", message } : { kind: "error", message, code };
}

/** Is it the function's fault, to be thrown at it? Anything else is the system's and ends the call. */
export function isDeveloperError(error: unknown): boolean {
  if (error instanceof DatabaseError || error instanceof SyscallError) return true;
  // Values that are none: the encoding's and the ids' own errors are plain.
  return (
    error instanceof Error &&
    (error.constructor === Error || error.name === "InvalidIdError" || error.name === "NameError")
  );
}

/** The isolate's answer for a syscall that was refused. */
export function syscallFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const data = error instanceof SyscallError ? error.data : undefined;
  const fault: SyscallFault = data === undefined ? { message } : { message, data };
  return `!${JSON.stringify(fault)}`;
}

import type { JSONValue } from "@tandem/values";

/** What a syscall refuses, thrown at the function that made it (catchable). */
export class SyscallError extends Error {
  readonly code: string;
  /** A ConvexError's data, in Convex encoding. */
  readonly data: JSONValue | undefined;
  constructor(code: string, message: string, data?: JSONValue) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export function invalidArgument(argument: string, api: string, cause: string): SyscallError {
  return new SyscallError("InvalidArgument", `Invalid argument \`${argument}\` for \`${api}\`: ${cause}`);
}

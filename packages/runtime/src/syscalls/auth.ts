import type { AsyncSyscall } from "./call_scope.ts";

/** Plain JSON, not Convex-encoded (R §1.5). */
export const getUserIdentity: AsyncSyscall = (scope) => {
  scope.tree.usedIdentity = true;
  return JSON.stringify(scope.tree.identity);
};

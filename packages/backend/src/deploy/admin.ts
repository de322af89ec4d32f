import { ApiError, isApiError } from "@tandem/protocol";
import { ANONYMOUS, type Authenticator, type Caller } from "../auth/caller.ts";
import { callerOf, requireAdmin } from "../http/credentials.ts";

/** What an admin key may be allowed to do; a read-only one only looks (R §4.1). */
export type Operation =
  | "Deploy"
  | "ViewData"
  | "WriteData"
  | "ViewEnvironmentVariables"
  | "WriteEnvironmentVariables"
  | "ViewLogs"
  | "RunInternalQueries"
  | "RunInternalMutations"
  | "RunInternalActions"
  | "ActAsUser";

const ALL: readonly Operation[] = [
  "Deploy",
  "ViewData",
  "WriteData",
  "ViewEnvironmentVariables",
  "WriteEnvironmentVariables",
  "ViewLogs",
  "RunInternalQueries",
  "RunInternalMutations",
  "RunInternalActions",
  "ActAsUser",
];

const READ_ONLY: readonly Operation[] = [
  "ViewData",
  "ViewEnvironmentVariables",
  "ViewLogs",
  "RunInternalQueries",
];

export function allowedOperations(caller: Caller): readonly Operation[] {
  if (caller.kind !== "admin") return [];
  return caller.readOnly ? READ_ONLY : ALL;
}

/** Throws `OperationNotPermitted`, whose text tools look for (R §4.1). */
export function requireOperation(caller: Caller, operation: Operation): void {
  if (!allowedOperations(caller).includes(operation)) {
    throw new ApiError("Forbidden", "OperationNotPermitted", operationText(operation));
  }
}

export function operationText(operation: Operation): string {
  return `You do not have permission to perform this operation (${operation}).`;
}

interface KeyCheck {
  readonly authenticator: Authenticator;
  readonly instanceName: string;
}

/** Checks the key that a push or its like carries in its body (R §4.1). Throws `BadDeployKey` or `OperationNotPermitted`. */
export function requireDeployer(context: KeyCheck, adminKey: string, operation: Operation = "Deploy"): void {
  let caller: Caller;
  try {
    caller = context.authenticator.admin(adminKey);
  } catch (error) {
    caller = nobodyIfUnknown(error);
  }
  requireAdmin(caller, context.instanceName);
  requireOperation(caller, operation);
}

/** The admin whose key is in the request's header. Throws `BadDeployKey` or `OperationNotPermitted`. */
export async function adminOfHeader(
  context: KeyCheck,
  request: Request,
  operation: Operation | null,
): Promise<Caller> {
  const caller = await callerOf(request, context.authenticator).catch(nobodyIfUnknown);
  requireAdmin(caller, context.instanceName);
  if (operation !== null) requireOperation(caller, operation);
  return caller;
}

/** Tools know a key that opens nothing by `BadDeployKey` (R §4.1), whatever was wrong with it. */
function nobodyIfUnknown(error: unknown): Caller {
  if (isApiError(error) && error.kind === "Unauthenticated") return ANONYMOUS;
  throw error;
}

import { ClerkAPIResponseError, ClerkRuntimeError } from "../errors.ts";
import type { ClerkAPIError, ClerkAPIErrorMeta } from "../types/errors.ts";
import type { ErrorJson } from "./json.ts";
import { deepSnakeToCamel } from "./snake_case.ts";

/** An error of the wire in the shape that apps see (F §2.1). */
export function readApiError(json: ErrorJson): ClerkAPIError {
  return {
    code: json.code,
    message: json.message,
    longMessage: json.long_message,
    meta: deepSnakeToCamel(json.meta ?? {}) as ClerkAPIErrorMeta,
  };
}

/** The error to throw for a refused request. @param retryAfter - the header's seconds */
export function responseError(
  status: number,
  body: { errors?: ErrorJson[]; clerk_trace_id?: string } | undefined,
  retryAfter: string | null,
): ClerkAPIResponseError {
  const errors = (body?.errors ?? []).map(readApiError);
  const [first] = errors;
  const seconds = Number.parseInt(retryAfter ?? "", 10);
  return new ClerkAPIResponseError(
    first?.longMessage ?? first?.message ?? `The identity server answered with status ${status}.`,
    {
      status,
      errors,
      clerkTraceId: body?.clerk_trace_id,
      retryAfter: Number.isNaN(seconds) ? undefined : seconds,
    },
  );
}

/** Whether the error means that the session is not good any more, on endpoints of sessions (F §2.3). */
export function endsSession(error: unknown): boolean {
  return (
    error instanceof ClerkAPIResponseError &&
    (error.status === 401 ||
      error.status === 422 ||
      (error.status === 403 &&
        error.errors.some(({ code }) => code === "user_banned" || code === "user_deactivated")))
  );
}

/** Whether the same request may well succeed later. */
export function isPassing(error: unknown): boolean {
  return error instanceof ClerkAPIResponseError
    ? error.status === 429 || error.status >= 500
    : error instanceof ClerkRuntimeError && error.code === "network_error";
}

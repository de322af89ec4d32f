import { ERRORS } from "./codes.ts";
import type { IdentityError } from "./identity_error.ts";

/** The error envelope (F §2.1, B §1.2). `client`, when given, brings the browser's state up to date. */
export function errorBody(error: IdentityError, traceId: string, client?: unknown): Record<string, unknown> {
  return {
    errors: error.faults.map(({ code, longMessage, meta }) => ({
      code,
      message: ERRORS[code].message,
      long_message: longMessage,
      meta,
    })),
    clerk_trace_id: traceId,
    ...(client === undefined ? {} : { meta: { client } }),
  };
}

import type { ClerkAPIError } from "./types/errors.ts";

/** The server refused a request; `errors` says why, in the server's words (F §2.1). */
export class ClerkAPIResponseError extends Error {
  override readonly name = "ClerkAPIResponseError";
  readonly clerkError = true;
  readonly status: number;
  readonly errors: ClerkAPIError[];
  readonly clerkTraceId: string | undefined;
  /** Seconds to wait before another try; only with status 429. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    details: { errors: ClerkAPIError[]; status: number; clerkTraceId?: string; retryAfter?: number },
  ) {
    super(message);
    this.status = details.status;
    this.errors = details.errors;
    this.clerkTraceId = details.clerkTraceId;
    this.retryAfter = details.retryAfter;
  }
}

/** Something went wrong on this side of the wire; `code` says what. */
export class ClerkRuntimeError extends Error {
  override readonly name: string = "ClerkRuntimeError";
  readonly clerkError = true;
  readonly clerkRuntimeError = true;
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

/** The network is away, so that a token could not be had. */
export class ClerkOfflineError extends ClerkRuntimeError {
  override readonly name = "ClerkOfflineError";

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: "clerk_offline", cause: options.cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether the server refused: then `errors` and `status` are there. */
export function isClerkAPIResponseError(error: unknown): error is ClerkAPIResponseError {
  return isObject(error) && error.clerkError === true && Array.isArray(error.errors);
}

/** Whether the client itself raised the error: then `code` is there. */
export function isClerkRuntimeError(error: unknown): error is ClerkRuntimeError {
  return isObject(error) && error.clerkRuntimeError === true;
}

/** Whether it is an error of either kind, and not some other. */
export function isKnownError(error: unknown): error is ClerkAPIResponseError | ClerkRuntimeError {
  return isClerkAPIResponseError(error) || isClerkRuntimeError(error);
}

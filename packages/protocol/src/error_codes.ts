/** The kinds of errors that servers tell apart (P §6.2). */
export type ErrorKind =
  | "BadRequest"
  | "PaginationLimit"
  | "Unauthenticated"
  | "AuthUpdateFailed"
  | "Forbidden"
  | "Conflict"
  | "NotFound"
  | "ClientDisconnect"
  | "MisdirectedRequest"
  | "TooEarly"
  | "RateLimited"
  | "OperationalInternalServerError"
  | "OCC"
  | "OutOfRetention"
  | "Overloaded"
  | "FeatureTemporarilyUnavailable"
  | "RejectedBeforeExecution";

/** How a socket ends after an error (P §1.8). */
export interface SocketEnd {
  /** The message before the close frame, or null. */
  finalMessage: "AuthErrorOnUpdate" | "AuthErrorOnIdentity" | "FatalError" | null;
  /** Close code; null is a close frame without one, which a browser reports as 1005. */
  closeCode: 1000 | 1011 | 1013 | null;
  /** Close reason: a fixed one, or the error's own code. */
  reason: "ErrorCode" | "ClientDisconnected" | "InternalServerError";
}

/** What a kind of error means for HTTP, for functions and for sockets. */
export interface ErrorKindRule {
  /** Status of the HTTP answer. */
  httpStatus: number;
  /** Whether the same request would fail again, so that it is the caller's error and not retried. */
  deterministic: boolean;
  socket: SocketEnd;
}

const fatal: SocketEnd = { finalMessage: "FatalError", closeCode: null, reason: "ErrorCode" };
const fatalNormal: SocketEnd = { finalMessage: "FatalError", closeCode: 1000, reason: "ErrorCode" };
const normal: SocketEnd = { finalMessage: null, closeCode: 1000, reason: "ErrorCode" };
const tryAgain: SocketEnd = { finalMessage: null, closeCode: 1013, reason: "ErrorCode" };
const internal: SocketEnd = { finalMessage: null, closeCode: 1011, reason: "InternalServerError" };

/** Every kind with its HTTP status (P §6.2) and the way a socket ends (P §1.8). */
export const ERROR_KINDS: Readonly<Record<ErrorKind, ErrorKindRule>> = {
  BadRequest: { httpStatus: 400, deterministic: true, socket: fatal },
  PaginationLimit: { httpStatus: 400, deterministic: true, socket: fatalNormal },
  Unauthenticated: {
    httpStatus: 401,
    deterministic: true,
    socket: { finalMessage: "AuthErrorOnIdentity", closeCode: null, reason: "ErrorCode" },
  },
  AuthUpdateFailed: {
    httpStatus: 401,
    deterministic: true,
    socket: { finalMessage: "AuthErrorOnUpdate", closeCode: null, reason: "ErrorCode" },
  },
  Forbidden: { httpStatus: 403, deterministic: true, socket: fatalNormal },
  Conflict: { httpStatus: 409, deterministic: true, socket: fatal },
  NotFound: { httpStatus: 404, deterministic: false, socket: normal },
  ClientDisconnect: {
    httpStatus: 408,
    deterministic: false,
    socket: { finalMessage: null, closeCode: 1000, reason: "ClientDisconnected" },
  },
  MisdirectedRequest: { httpStatus: 421, deterministic: false, socket: tryAgain },
  TooEarly: { httpStatus: 425, deterministic: false, socket: tryAgain },
  RateLimited: { httpStatus: 429, deterministic: false, socket: tryAgain },
  OperationalInternalServerError: { httpStatus: 500, deterministic: false, socket: internal },
  OCC: { httpStatus: 503, deterministic: false, socket: tryAgain },
  OutOfRetention: { httpStatus: 503, deterministic: false, socket: tryAgain },
  Overloaded: { httpStatus: 503, deterministic: false, socket: tryAgain },
  FeatureTemporarilyUnavailable: { httpStatus: 503, deterministic: false, socket: tryAgain },
  RejectedBeforeExecution: { httpStatus: 503, deterministic: false, socket: tryAgain },
};

/** Longest close reason a WebSocket allows, in UTF-8 bytes. Codes are ASCII. */
export const MAX_CLOSE_REASON_BYTES = 123;

/** Code and text of an error nobody foresaw (P §6.2). */
export const INTERNAL_SERVER_ERROR = {
  code: "InternalServerError",
  message: "Your request couldn't be completed. Try again later.",
} as const;

/** The body of an HTTP error: `{"code","message"}` (P §3.3). */
export interface ErrorBody {
  code: string;
  message: string;
}

/**
 * An error with a stable code for the caller.
 *
 * @example
 * ```ts
 * throw new ApiError("BadRequest", "BadFormat", `Unknown format "${format}": use "json".`);
 * ```
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** What sort of error it is; decides status and close code. */
  readonly kind: ErrorKind;
  /** The short code that clients see. */
  readonly code: string;

  constructor(kind: ErrorKind, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }

  /** Status of the HTTP answer. */
  get httpStatus(): number {
    return ERROR_KINDS[this.kind].httpStatus;
  }

  /** Whether the same request would fail again. */
  get isDeterministic(): boolean {
    return ERROR_KINDS[this.kind].deterministic;
  }

  /** The body of the HTTP answer. */
  get body(): ErrorBody {
    return { code: this.code, message: this.message };
  }
}

/** Whether something thrown is an {@link ApiError}. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

/** The HTTP answer to anything thrown; what is no {@link ApiError} shows nothing of itself (P §6.2). */
export function httpErrorOf(error: unknown): { status: number; body: ErrorBody } {
  if (isApiError(error) && error.kind !== "OperationalInternalServerError") {
    return { status: error.httpStatus, body: error.body };
  }
  return { status: 500, body: { ...INTERNAL_SERVER_ERROR } };
}

/** How a socket ends after anything thrown (P §1.8): the final message's kind and the close frame. */
export function socketEndOf(error: unknown): {
  finalMessage: SocketEnd["finalMessage"];
  closeCode: SocketEnd["closeCode"];
  closeReason: string;
} {
  const { finalMessage, closeCode, reason } = isApiError(error) ? ERROR_KINDS[error.kind].socket : internal;
  const closeReason = reason === "ErrorCode" ? (error as ApiError).code : reason;
  // A close frame without a code has no room for a reason either.
  return {
    finalMessage,
    closeCode,
    closeReason: closeCode === null ? "" : closeReason.slice(0, MAX_CLOSE_REASON_BYTES),
  };
}

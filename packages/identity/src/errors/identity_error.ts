import { ERRORS, type ErrorCode } from "./codes.ts";

/** What goes with an error; keys as on the wire (F §2.3, B §1.2). */
export interface ErrorMeta {
  readonly param_name?: string;
  readonly session_id?: string;
  readonly email_addresses?: readonly string[];
  readonly identifiers?: readonly string[];
  readonly zxcvbn?: { readonly suggestions: readonly { readonly code: string; readonly message: string }[] };
}

/** One entry of an answer's `errors`. */
export interface Fault {
  readonly code: ErrorCode;
  readonly longMessage: string;
  readonly meta: ErrorMeta;
}

/** A refusal with one or more faults. Its status is that of the first. */
export class IdentityError extends Error {
  readonly status: number;
  readonly faults: readonly [Fault, ...Fault[]];
  /** Seconds, for `Retry-After`. */
  readonly retryAfter: number | null;
  /** Of the answer. */
  readonly headers: readonly (readonly [string, string])[];

  constructor(
    faults: readonly [Fault, ...Fault[]],
    retryAfter: number | null = null,
    headers: readonly (readonly [string, string])[] = [],
  ) {
    super(`${faults[0].code}: ${faults[0].longMessage}`);
    this.headers = headers;
    this.name = "IdentityError";
    this.status = ERRORS[faults[0].code].status;
    this.faults = faults;
    this.retryAfter = retryAfter;
  }
}

/** A fault of an answer that may have several; `longMessage` replaces the table's text. */
export function fault(code: ErrorCode, meta: ErrorMeta = {}, longMessage?: string): Fault {
  return { code, longMessage: longMessage ?? ERRORS[code].longMessage, meta };
}

/** An error of one fault; `longMessage` replaces the table's text where more can be said. */
export function refuse(code: ErrorCode, meta: ErrorMeta = {}, longMessage?: string): IdentityError {
  return new IdentityError([fault(code, meta, longMessage)]);
}

/** A fault of one field (`meta.param_name`), which forms show beside it. */
export function refuseField(code: ErrorCode, field: string, longMessage?: string): IdentityError {
  return refuse(code, { param_name: field }, longMessage);
}

/** Told to come back after `seconds`. */
export function refuseUntil(code: ErrorCode, seconds: number): IdentityError {
  return new IdentityError([fault(code)], Math.max(1, Math.ceil(seconds)));
}

/**
 * Waits for a step of a request that has begun something already. A refusal takes `headers` along: without its new
 * cookie a browser would never find again what was begun for it.
 */
export async function refusingWith<T>(
  headers: readonly (readonly [string, string])[],
  step: Promise<T>,
): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    throw new IdentityError(error.faults, error.retryAfter, [...error.headers, ...headers]);
  }
}

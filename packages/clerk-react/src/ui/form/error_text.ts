import { type ClerkAPIError, isClerkAPIResponseError, isClerkRuntimeError } from "@tandem/clerk-js";
import { filled, type Texts } from "../localization.ts";

/** What went wrong with a form, for people: by field, and with the form as a whole. */
export interface FormErrors {
  /** By the field's name in camel case. */
  readonly fields: Readonly<Record<string, string>>;
  readonly form: string | undefined;
  /** Seconds until another try makes sense; only when there were too many, or while the account is locked. */
  readonly retryAfter: number | undefined;
}

/** A longer time is told in minutes. */
const LONGEST_SECONDS = 90;

export const noErrors: FormErrors = { fields: {}, form: undefined, retryAfter: undefined };

/**
 * Sorts what a request threw (F §2.3): an error that names one of `fields` goes beneath it, all others concern the
 * form. An error that has no words for people is a defect: it is reported to the page, and people read that something
 * went wrong.
 */
export function formErrors(error: unknown, fields: readonly string[], texts: Texts): FormErrors {
  if (!isClerkAPIResponseError(error)) {
    return { ...noErrors, form: textOfOther(error, texts) };
  }
  const byField: Record<string, string> = {};
  const rest: string[] = [];
  for (const one of error.errors) {
    const text = errorText(one, texts);
    const field = camelCase(one.meta?.paramName ?? "");
    if (fields.includes(field)) {
      byField[field] = byField[field] === undefined ? text : `${byField[field]} ${text}`;
    } else if (!rest.includes(text)) {
      rest.push(text);
    }
  }
  // A proxy's error page has a status and no errors.
  const form = error.errors.length === 0 ? texts.unstable__errors.unexpected : rest.join(" ");
  const waits = error.status === 429 || error.errors.some(({ code }) => code === "user_locked");
  return {
    fields: byField,
    form: form === "" ? undefined : form,
    retryAfter: waits ? error.retryAfter : undefined,
  };
}

/**
 * The text of one error: the app's or ours for `<code>__<param_name>`, then for `<code>`, then the server's (F §2.3).
 */
export function errorText(error: ClerkAPIError, texts: Texts): string {
  const known = texts.unstable__errors as Record<string, unknown>;
  const candidates = [
    known[`${error.code}__${error.meta?.paramName ?? ""}`],
    known[error.code],
    error.longMessage,
    error.message,
  ];
  const text = candidates.find((candidate) => typeof candidate === "string" && candidate !== "");
  const advice = error.meta?.zxcvbn?.suggestions.map((suggestion) => suggestion.message) ?? [];
  return [typeof text === "string" ? text : texts.unstable__errors.unexpected, ...advice].join(" ");
}

function textOfOther(error: unknown, texts: Texts): string {
  const known = texts.unstable__errors as Record<string, unknown>;
  if (isClerkRuntimeError(error)) {
    const text = known[error.code];
    if (typeof text === "string") {
      return text;
    }
  }
  // Its words are for whoever wrote the app.
  reportError(error);
  return texts.unstable__errors.unexpected;
}

/** The sentence that follows an error with a time to wait. */
export function retryText(seconds: number, texts: Texts): string {
  const { retryAfter, retryAfterMinutes } = texts.unstable__errors;
  return seconds > LONGEST_SECONDS
    ? filled(retryAfterMinutes, { minutes: Math.ceil(seconds / 60) })
    : filled(retryAfter, { seconds });
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

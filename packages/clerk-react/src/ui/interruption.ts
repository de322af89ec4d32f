import { isClerkAPIResponseError } from "@tandem/clerk-js";
import { type FormErrors, formErrors, noErrors } from "./form/error_text.ts";
import type { Texts } from "./localization.ts";

/** Refusals after which nothing of the attempt can go on: too old, replaced in another tab, or without its account. */
const OVER = ["resource_not_found", "resource_forbidden", "client_state_invalid"];

/** Refusals that the first step says in the server's words (F §8.2). */
const BACK_TO_START = ["user_locked", "sign_in_identification_or_user_deleted"];

/** What the first step is to say when `error` ends an attempt; undefined for errors that their own step shows. */
export function interruption(error: unknown, texts: Texts): FormErrors | undefined {
  const code = codeOf(error);
  if (code === undefined) {
    return undefined;
  }
  if (OVER.includes(code)) {
    return { ...noErrors, form: texts.unstable__errors.attemptOver };
  }
  return BACK_TO_START.includes(code) ? formErrors(error, [], texts) : undefined;
}

/** The code of a refusal; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return isClerkAPIResponseError(error) ? error.errors[0]?.code : undefined;
}

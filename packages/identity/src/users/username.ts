import { refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";

/** A username as the instance allows it. Throws the `form_username_*` errors (F §8.2). */
export function readUsername({ settings }: Instance, text: string, field = "username"): string {
  const username = text.trim();
  const { minLength, maxLength } = settings.username;
  if (username.length < minLength || username.length > maxLength) {
    throw refuseField(
      "form_username_invalid_length",
      field,
      `A username has ${minLength} to ${maxLength} characters.`,
    );
  }
  if (!/^[A-Za-z0-9_-]+$/.test(username)) throw refuseField("form_username_invalid_character", field);
  if (/^\d+$/.test(username)) throw refuseField("form_username_needs_non_number_char", field);
  return username;
}

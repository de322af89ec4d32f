import { camelToSnake } from "./snake_case.ts";

/** What a request may carry; a plain object goes as JSON, its keys untouched. */
export type FormFields = { readonly [name: string]: unknown };

/**
 * The body of a request (F §1.6): names in snake case, lists as repeated names,
 * null as an empty string, and nothing for undefined.
 */
export function encodeForm(fields: FormFields): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        form.append(camelToSnake(name), encodeValue(item));
      }
    }
  }
  return form;
}

function encodeValue(value: unknown): string {
  if (value === null) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

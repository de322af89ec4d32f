import { MAX_FIELD_NAME_LENGTH } from "./value.ts";

/**
 * What is wrong with `name` as the name of an object field, or null (P §4.2): at most 1024 characters
 * of printable ASCII, not starting with `$`. The empty name is allowed.
 */
export function fieldNameFault(name: string): string | null {
  if (isFieldName(name)) return null;
  if (name.length > MAX_FIELD_NAME_LENGTH) {
    return `The field name "${name.slice(0, 80)}…" has ${name.length} characters; at most ${MAX_FIELD_NAME_LENGTH} are allowed.`;
  }
  if (name.charCodeAt(0) === 36)
    return `The field name "${name}" starts with "$", which is kept for the encoding of values.`;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) {
      return `The field name ${JSON.stringify(name)} has the character ${JSON.stringify(name[i])}; only printable ASCII is allowed.`;
    }
  }
  return null;
}

/** A loop and no pattern: names are short, and in a realm whose language is frozen patterns take the slow way. */
function isFieldName(name: string): boolean {
  const { length } = name;
  if (length > MAX_FIELD_NAME_LENGTH || (length > 0 && name.charCodeAt(0) === 36)) return false;
  for (let i = 0; i < length; i++) {
    const code = name.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

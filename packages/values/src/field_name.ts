import { MAX_FIELD_NAME_LENGTH } from "./value.ts";

/** Names that need no closer look: the great majority, in one test. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/**
 * What is wrong with `name` as the name of an object field, or null (P §4.2): at most 1024 characters
 * of printable ASCII, not starting with `$`. The empty name is allowed.
 */
export function fieldNameFault(name: string): string | null {
  if (PLAIN.test(name)) return null;
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

import { checkJsonDepth } from "./json_depth.ts";

/** Half of a character, written as an escape: the only way for it into JSON that came as UTF-8. */
const SURROGATE_ESCAPE = /\\ud[89a-f]/i;

/**
 * What a JSON text says. Throws a `SyntaxError` on what is no JSON, and on texts with half of a surrogate pair, which
 * nothing can store or show; and what {@link checkJsonDepth} throws.
 */
export function readJson(text: string): unknown {
  checkJsonDepth(text);
  return SURROGATE_ESCAPE.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
}

function wellFormed(key: string, value: unknown): unknown {
  if (!key.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) {
    throw new SyntaxError("a text in it has half of a surrogate pair, so it is no valid Unicode");
  }
  return value;
}

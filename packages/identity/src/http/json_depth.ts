import { refuse } from "../errors/index.ts";

/** No field of this server nests deeper; what walks through JSON need not fear for its stack. */
const DEEPEST = 100;

/** Throws `request_body_invalid` for JSON that nests too deeply, without parsing it. */
export function checkJsonDepth(text: string): void {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (isInText) {
      if (sign === "\\") at++;
      else if (sign === '"') isInText = false;
    } else if (sign === '"') {
      isInText = true;
    } else if (sign === "{" || sign === "[") {
      depth++;
      if (depth > DEEPEST) {
        throw refuse("request_body_invalid", {}, `JSON may nest ${DEEPEST} levels deep at most.`);
      }
    } else if (sign === "}" || sign === "]") {
      depth--;
    }
  }
}

import type { IndexKey } from "@tandem/values";

// How a string is written in an index key (P §4.6): 10, its UTF-8 with every 00 followed by FF, 00.
const STRING = "\x10";
const ZERO = "\0";
const ESCAPE = "\xff";

/** Behind every id: no UTF-8 text has this byte. */
const BEHIND_ALL = "\xff";

/**
 * Turns a bound in the order of `by_id` keys into one in the order of the ids' UTF-8 bytes, which is how documents
 * are stored: an id's key is at or behind `bound` exactly if the id's bytes are at or behind the answer.
 * `null`, the open end, is behind all.
 */
export function documentBound(bound: IndexKey | null): string {
  if (bound === null) return BEHIND_ALL;
  if (bound <= STRING) return "";
  if (!bound.startsWith(STRING)) return BEHIND_ALL;
  let bytes = "";
  let at = STRING.length;
  for (;;) {
    const zero = bound.indexOf(ZERO, at);
    if (zero < 0) return bytes + bound.slice(at);
    bytes += bound.slice(at, zero);
    // The id that ends here is the first one in range …
    if (zero + 1 === bound.length) return bytes;
    // … or, when the bound goes on behind its end, the next possible one is.
    if (bound[zero + 1] !== ESCAPE) return bytes + ZERO;
    bytes += ZERO;
    at = zero + 2;
  }
}

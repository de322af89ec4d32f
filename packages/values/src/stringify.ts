/** Longest text of a value inside an error message, in characters (P §6.1). */
const MAX_LENGTH = 16384;
const TRUNCATED = "[...truncated]";

/**
 * A JSON-like rendering of anything, for error messages and for the message of a `ConvexError`:
 * bigints as `123n`, what JSON cannot hold by its name, cut at 16 384 characters (P §6.1).
 */
export function stringifyValueForError(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    switch (typeof inner) {
      case "undefined":
        return "undefined";
      case "function":
        return "[Function]";
      case "symbol":
        return String(inner);
      case "bigint":
        return `${inner}n`;
      default:
        return inner;
    }
  });
  if (text.length <= MAX_LENGTH) return text;
  let end = MAX_LENGTH - TRUNCATED.length;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return text.slice(0, end) + TRUNCATED;
}

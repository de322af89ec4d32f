import { encodeBase64 } from "./base64.ts";
import { isCommitTsPlaceholder } from "./commit_ts.ts";
import type { Value } from "./value.ts";

/** Longest rendering of a value inside a validation error, in characters. */
const MAX_LENGTH = 16384;

/**
 * Renders a value as validation errors show it: `{age: 41.0, name: "Ada"}` (R §3.1). Floats have a
 * point or an exponent, so that they cannot be taken for int64.
 */
export function renderValue(value: Value | undefined): string {
  const text = render(value);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}[...truncated]`;
}

function render(value: Value | undefined): string {
  switch (typeof value) {
    case "number":
      return renderFloat(value);
    case "bigint":
      return `${value}n`;
    case "string":
      return JSON.stringify(value);
    case "object":
      break;
    default:
      return String(value);
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(render).join(", ")}]`;
  if (value instanceof ArrayBuffer) return `Bytes("${encodeBase64(new Uint8Array(value))}")`;
  if (isCommitTsPlaceholder(value)) return value.toString();
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: ${render(value[name])}`);
  return `{${fields.join(", ")}}`;
}

function renderFloat(n: number): string {
  if (Object.is(n, -0)) return "-0.0";
  return Number.isInteger(n) && Math.abs(n) < 1e16 ? `${n}.0` : String(n);
}

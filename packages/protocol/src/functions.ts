import {
  convexToJson,
  encodeBase64,
  isCommitTsPlaceholder,
  type JSONValue,
  jsonToConvex,
  type Value,
} from "@tandem/values";
import { ApiError } from "./error_codes.ts";

/** How values are written in answers of the HTTP API (P §3.3). */
export type ValueFormat = "convex_encoded_json" | "json" | "export_json";

/** Body of `/api/query`, `/api/mutation`, `/api/action` and, with a component, `/api/function` (P §3.1). */
export interface FunctionRequest {
  path: string;
  /** An object, or an array with one. Always in the JSON encoding of values, whatever the format. */
  args: JSONValue;
  format?: string | undefined;
  componentPath?: string | null | undefined;
}

/** Body of `/api/query_at_ts`; `ts` as it travels. */
export interface QueryAtTsRequest extends FunctionRequest {
  ts: string;
}

/** Body of `/api/query_batch`. */
export interface QueryBatchRequest {
  queries: FunctionRequest[];
}

/** Body of `/api/run/{module}/{function}`. */
export interface RunRequest {
  args: JSONValue;
  format?: string | undefined;
}

/** Answer of `/api/query_ts`. */
export interface QueryTsResponse {
  ts: string;
}

/** What a function came to, with values not yet formatted. */
export type FunctionOutcome =
  | { status: "success"; value: Value; logLines: readonly string[] }
  | {
      status: "error";
      errorMessage: string;
      /** Only for a `ConvexError`; its data may be null. */
      errorData?: Value | undefined;
      logLines: readonly string[];
    };

/** The answer as it travels: HTTP 200 in both cases (P §3.3). */
export type UdfResponse =
  | { status: "success"; value: JSONValue; logLines?: string[] }
  | { status: "error"; errorMessage: string; errorData?: JSONValue; logLines?: string[] };

/** Answer of `/api/query_batch`. */
export interface QueryBatchResponse {
  results: UdfResponse[];
}

/** Reads `format`; throws {@link ApiError} `BadFormat` for an unknown one (P §3.3). */
export function parseFormat(format: string | null | undefined, whenAbsent: ValueFormat): ValueFormat {
  switch (format) {
    case undefined:
    case null:
      return whenAbsent;
    case "convex_encoded_json":
    case "convex_json":
      return "convex_encoded_json";
    case "json":
    case "convex_clean_json":
      return "json";
    case "export_json":
      return "export_json";
    default:
      throw new ApiError(
        "BadRequest",
        "BadFormat",
        `Unknown value format ${JSON.stringify(format)}: use "json", "convex_encoded_json" or "export_json".`,
      );
  }
}

/** The arguments of a request as the array of one object that functions take (P §3.1). */
export function argumentArray(args: JSONValue | undefined): JSONValue[] {
  if (args === undefined || args === null) return [{}];
  return Array.isArray(args) ? args : [args];
}

/**
 * A value as JSON text in the given format (P §3.3). Text, because `export_json` writes int64 as plain
 * integers and floats with a point, which no JavaScript value says.
 */
export function valueToText(value: Value, format: ValueFormat): string {
  switch (format) {
    case "convex_encoded_json":
      return JSON.stringify(convexToJson(value));
    case "json":
      return cleanText(value);
    case "export_json":
      return exportText(value);
    default:
      return format satisfies never;
  }
}

/** Like {@link valueToText}, from the JSON encoding. */
export function encodedToText(encoded: JSONValue, format: ValueFormat): string {
  return format === "convex_encoded_json"
    ? JSON.stringify(encoded)
    : valueToText(jsonToConvex(encoded), format);
}

/** The text of a function's answer (P §3.3). */
export function outcomeToText(outcome: FunctionOutcome, format: ValueFormat): string {
  const logs = outcome.logLines.length === 0 ? "" : `,"logLines":${JSON.stringify(outcome.logLines)}`;
  if (outcome.status === "success") {
    return `{"status":"success","value":${valueToText(outcome.value, format)}${logs}}`;
  }
  const data =
    outcome.errorData === undefined ? "" : `,"errorData":${valueToText(outcome.errorData, format)}`;
  return `{"status":"error","errorMessage":${JSON.stringify(outcome.errorMessage)}${data}${logs}}`;
}

/** Lossy: int64 as a decimal string, bytes as base64, special floats as their names. */
function cleanText(value: Value): string {
  switch (typeof value) {
    case "bigint":
      return `"${value}"`;
    case "number":
      if (!Number.isFinite(value)) return `"${value}"`;
      return Object.is(value, -0) ? "-0.0" : String(value);
    default:
      if (value instanceof ArrayBuffer) return `"${encodeBase64(new Uint8Array(value))}"`;
      return structureText(value, cleanText);
  }
}

/** Nearly lossless: int64 as an integer, floats with a point, the rest as in the encoding. */
function exportText(value: Value): string {
  switch (typeof value) {
    case "bigint":
      return String(value);
    case "number": {
      if (!Number.isFinite(value)) return JSON.stringify(convexToJson(value));
      if (Object.is(value, -0)) return "-0.0";
      const text = String(value);
      return /[.e]/.test(text) ? text : `${text}.0`;
    }
    default:
      if (value instanceof ArrayBuffer) return JSON.stringify(convexToJson(value));
      return structureText(value, exportText);
  }
}

function structureText(
  value: Exclude<Value, bigint | number | ArrayBuffer>,
  inner: (value: Value) => string,
): string {
  if (value === null || typeof value !== "object" || isCommitTsPlaceholder(value)) {
    return JSON.stringify(convexToJson(value));
  }
  if (Array.isArray(value)) return `[${value.map(inner).join(",")}]`;
  const fields: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${inner(field)}`);
  }
  return `{${fields.join(",")}}`;
}

import { isCommitTsPlaceholder } from "./commit_ts.ts";
import { nesting, valueSize } from "./size.ts";
import {
  MAX_ARRAY_LENGTH,
  MAX_DOCUMENT_NESTING,
  MAX_DOCUMENT_SIZE,
  MAX_OBJECT_FIELDS,
  MAX_VALUE_NESTING,
  MAX_VALUE_SIZE,
  type Value,
} from "./value.ts";

/** Which limit a value breaks; `code` is the one clients see (P §4.2). */
export interface LimitFault {
  code:
    | "ArrayTooLong"
    | "TooManyFieldsError"
    | "TooNestedError"
    | "ValueTooLargeError"
    | "InvalidDocumentError";
  message: string;
}

/** The first limit of P §4.2 that a value breaks, or null. */
export function valueLimitFault(value: Value): LimitFault | null {
  return shapeFault(value, 0) ?? sizeFault("The value", valueSize(value), MAX_VALUE_SIZE);
}

/** The first limit of P §4.2 that a document with its system fields breaks, or null. */
export function documentLimitFault(document: { [key: string]: Value | undefined }): LimitFault | null {
  const shape = shapeFault(document, 0);
  if (shape !== null) return shape;
  const depth = nesting(document);
  if (depth > MAX_DOCUMENT_NESTING) {
    return {
      code: "InvalidDocumentError",
      message: `The document is nested ${depth} levels deep; at most ${MAX_DOCUMENT_NESTING} are allowed.`,
    };
  }
  return sizeFault("The document", valueSize(document), MAX_DOCUMENT_SIZE);
}

function sizeFault(what: string, size: number, limit: number): LimitFault | null {
  if (size <= limit) return null;
  return {
    code: "ValueTooLargeError",
    message: `${what} has ${size} bytes; at most ${limit} are allowed.`,
  };
}

/** Faults of arrays, objects and depth. Stops at the limit, so that no depth can exhaust the stack. */
function shapeFault(value: Value | undefined, depth: number): LimitFault | null {
  if (typeof value !== "object" || value === null) return null;
  if (value instanceof ArrayBuffer || isCommitTsPlaceholder(value)) return null;
  if (depth >= MAX_VALUE_NESTING) {
    return {
      code: "TooNestedError",
      message: `The value is nested more than ${MAX_VALUE_NESTING} levels deep, which is the most allowed.`,
    };
  }
  if (Array.isArray(value)) {
    if (value.length > MAX_ARRAY_LENGTH) {
      return {
        code: "ArrayTooLong",
        message: `An array has ${value.length} elements; at most ${MAX_ARRAY_LENGTH} are allowed.`,
      };
    }
    for (const element of value) {
      const fault = shapeFault(element, depth + 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  let count = 0;
  for (const name of Object.keys(value)) {
    const field = value[name];
    if (field === undefined) continue;
    count++;
    const fault = shapeFault(field, depth + 1);
    if (fault !== null) return fault;
  }
  if (count <= MAX_OBJECT_FIELDS) return null;
  return {
    code: "TooManyFieldsError",
    message: `An object has ${count} fields; at most ${MAX_OBJECT_FIELDS} are allowed.`,
  };
}

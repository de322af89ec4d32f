import { isSimpleObject, type JSONValue, type Value } from "@tandem/values";

// The encoding of P §4.1 once more, next to the full one of @tandem/values: every page loads this one, so it leaves
// to the server what the server checks anyway. A property test holds the two together.

const MIN_INT64 = -(2n ** 63n);

/**
 * Encodes a value for the wire, object keys sorted.
 *
 * @throws Error naming the place of what is no value, or what the server would take for something else
 */
export function encodeValue(value: Value, path = ""): JSONValue {
  const fault = (what: string) => new Error(`${what}${path && ` at ${path}`} is not a Convex value`);
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      // Would be a broken message as a whole, not only a broken value.
      if (/\p{Surrogate}/u.test(value)) throw fault("A string with half of a surrogate pair");
      return value;
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $float: eightBytes((view) => view.setFloat64(0, value, true)) };
    case "bigint":
      if (value < MIN_INT64 || value >= -MIN_INT64) throw fault(`The bigint ${value}, beyond 64 bits,`);
      return { $integer: eightBytes((view) => view.setBigInt64(0, value, true)) };
    case "object": {
      if (value === null) return value;
      if (Array.isArray(value))
        return value.map((element, index) => encodeValue(element, `${path}[${index}]`));
      if (value instanceof ArrayBuffer) return { $bytes: encodeBytes(new Uint8Array(value)) };
      if (!isSimpleObject(value)) throw fault(String(value));
      const encoded: [string, JSONValue][] = [];
      for (const key of Object.keys(value).sort()) {
        const field = value[key] as Value | undefined;
        if (field === undefined) continue;
        if (key[0] === "$") throw fault(`The field name ${key}`);
        encoded.push([key, encodeValue(field, `${path}.${key}`)]);
      }
      return Object.fromEntries(encoded);
    }
    default:
      throw fault(String(value));
  }
}

/** Decodes a value that came over the wire. Takes `json` over: it changes in place, since results are large and fresh. */
export function decodeValue(json: JSONValue): Value {
  if (typeof json !== "object" || json === null) return json;
  const fields = json as { [key: string]: JSONValue };
  const keys = Object.keys(fields);
  if (keys.length === 1) {
    const payload = fields[keys[0]!] as string;
    switch (keys[0]) {
      case "$integer":
        return viewOf(payload).getBigInt64(0, true);
      case "$float":
        return viewOf(payload).getFloat64(0, true);
      case "$bytes":
        return decodeBytes(payload);
    }
  }
  for (const key of keys) {
    const field = fields[key]!;
    if (typeof field === "object") fields[key] = decodeValue(field) as JSONValue;
  }
  return json as Value;
}

/** Decodes what a `ConvexError` carries, `undefined` for other errors: the key decides, since null is legal data (P §1.4). */
export function decodeErrorData(json: JSONValue | undefined): Value | undefined {
  // Undefined, which no JSON holds, passes through.
  return decodeValue(json as JSONValue);
}

/** A timestamp that can be compared: nanoseconds since the Unix epoch. */
export function decodeTimestamp(encoded: string): bigint {
  return viewOf(encoded).getBigUint64(0, true);
}

function eightBytes(write: (view: DataView) => void): string {
  const view = new DataView(new ArrayBuffer(8));
  write(view);
  return encodeBytes(new Uint8Array(view.buffer));
}

function viewOf(base64: string): DataView {
  return new DataView(decodeBytes(base64));
}

function encodeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function decodeBytes(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)).buffer;
}

import { decodeBase64, decodeF64, decodeI64, encodeBase64, encodeF64, encodeI64 } from "./base64.ts";
import { commitTsPlaceholder, isCommitTsPlaceholder } from "./commit_ts.ts";
import { fieldNameFault } from "./field_name.ts";
import { stringifyValueForError } from "./stringify.ts";
import { isWellFormedUnicode } from "./utf8.ts";
import { isSimpleObject, type JSONValue, MAX_INT64, MIN_INT64, setField, type Value } from "./value.ts";

/**
 * Encodes a value as JSON (P §4.1): int64, bytes and the special floats become one-key objects,
 * object fields are sorted, absent fields left out.
 *
 * Throws for what is no value (`undefined`, functions, dates, maps…), naming the path of the fault.
 */
export function convexToJson(value: Value): JSONValue {
  return encode(value, { whole: value, keepUndefined: false }, undefined);
}

/** Like {@link convexToJson}, but `undefined` becomes `{"$undefined":null}` (syscall boundary, P §4.1). */
export function convexOrUndefinedToJson(value: Value | undefined): JSONValue {
  return value === undefined
    ? { $undefined: null }
    : encode(value, { whole: value, keepUndefined: false }, undefined);
}

/**
 * Like {@link convexToJson} for an object whose own fields may be `undefined`, written as
 * `{"$undefined":null}`: the form of a patch, in which that means "remove this field".
 */
export function patchValueToJson(value: { [key: string]: Value | undefined }): JSONValue {
  return encode(value, { whole: value, keepUndefined: true }, undefined);
}

/**
 * Decodes the JSON encoding of a value (P §4.1). Throws on malformed `$`-forms, invalid field names and
 * strings with a lone surrogate, naming the path of the fault.
 */
export function jsonToConvex(json: JSONValue): Value {
  return decode(json, undefined);
}

/**
 * Like {@link jsonToConvex}, for JSON that nobody else holds: what has just been parsed. Its objects and arrays
 * become those of the value, and only what is encoded in it is replaced.
 */
export function parsedToConvex(json: JSONValue): Value {
  return typeof json === "object" && json !== null ? decodeInPlace(json, undefined) : decode(json, undefined);
}

/** The inverse of {@link convexOrUndefinedToJson}. */
export function jsonToConvexOrUndefined(json: JSONValue): Value | undefined {
  return isUndefinedForm(json) ? undefined : decode(json, undefined);
}

/**
 * The inverse of {@link patchValueToJson}: fields to remove are present with the value `undefined`.
 * Throws when `json` is not an object.
 */
export function jsonToPatchValue(json: JSONValue): { [key: string]: Value | undefined } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new Error(`A patch must be an object, but it is ${stringifyValueForError(json)}.`);
  }
  const out: { [key: string]: Value | undefined } = {};
  for (const name of Object.keys(json)) {
    checkField(name, undefined);
    const field = json[name]!;
    setField(
      out,
      name,
      isUndefinedForm(field) ? undefined : decode(field, { parent: undefined, step: name }),
    );
  }
  return out;
}

/** Like {@link jsonToPatchValue}, for JSON that nobody else holds: see {@link parsedToConvex}. */
export function parsedToPatchValue(json: JSONValue): { [key: string]: Value | undefined } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return jsonToPatchValue(json);
  const names = Object.keys(json);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    checkField(name, undefined);
    const child = json[name]!;
    if (typeof child === "object" && child !== null) {
      const value = isUndefinedForm(child)
        ? undefined
        : decodeInPlace(child, { parent: undefined, step: name });
      if (value !== child) (json as { [key: string]: Value | undefined })[name] = value;
    } else if (typeof child === "string") checkText(child, undefined, name);
  }
  return json;
}

function isUndefinedForm(json: JSONValue): boolean {
  if (json === null || typeof json !== "object" || Array.isArray(json) || !("$undefined" in json))
    return false;
  return Object.keys(json).length === 1;
}

/** The way from the root to a value, kept as a chain so that it costs little until a fault is told. */
interface Path {
  parent: Path | undefined;
  step: string | number;
}

function pathText(path: Path | undefined): string {
  if (path === undefined) return "";
  const step = typeof path.step === "number" ? `[${path.step}]` : `.${path.step}`;
  return pathText(path.parent) + step;
}

// --- encoding ---

/** What stays the same throughout one encoding. */
interface Encoding {
  whole: unknown;
  /** Whether fields of the outermost object may be undefined. */
  keepUndefined: boolean;
}

function encode(value: unknown, encoding: Encoding, path: Path | undefined): JSONValue {
  if (value === null) return null;
  if (typeof value !== "object") return encodeScalar(value, encoding, path, undefined);
  if (Array.isArray(value)) {
    const out: JSONValue[] = new Array(value.length);
    for (let i = 0; i < value.length; i++) {
      const element: unknown = value[i];
      out[i] =
        typeof element === "object" && element !== null
          ? encode(element, encoding, { parent: path, step: i })
          : encodeScalar(element, encoding, path, i);
    }
    return out;
  }
  if (value instanceof ArrayBuffer) return { $bytes: encodeBase64(new Uint8Array(value)) };
  if (isCommitTsPlaceholder(value)) return { $commitTs: null };
  if (!isSimpleObject(value)) throw unsupportedObject(value, encoding, path);
  const out: { [key: string]: JSONValue } = {};
  for (const name of sortedNames(value)) {
    const field = value[name];
    if (field === undefined) {
      if (!encoding.keepUndefined || path !== undefined) continue;
      checkEncodedField(name, encoding, path);
      setField(out, name, { $undefined: null });
      continue;
    }
    checkEncodedField(name, encoding, path);
    const json =
      typeof field === "object" && field !== null
        ? encode(field, encoding, { parent: path, step: name })
        : encodeScalar(field, encoding, path, name);
    setField(out, name, json);
  }
  return out;
}

/** Encodes all but objects; the path is `path` and then `step`, put together only for a fault. */
function encodeScalar(
  value: unknown,
  encoding: Encoding,
  path: Path | undefined,
  step: string | number | undefined,
): JSONValue {
  switch (typeof value) {
    case "string":
      if (isWellFormedUnicode(value)) return value;
      throw new Error(
        `The string ${stringifyValueForError(value)} has half of a surrogate pair, so it is no valid Unicode${atStep(path, step, encoding)}.`,
      );
    case "number":
      return isSpecialFloat(value) ? { $float: encodeF64(value) } : value;
    case "boolean":
      return value;
    case "bigint":
      if (value >= MIN_INT64 && value <= MAX_INT64) return { $integer: encodeI64(value) };
      throw new Error(`The bigint ${value} is outside the range of an int64${atStep(path, step, encoding)}.`);
    case "undefined":
      throw new Error(`undefined cannot be a Convex value${atStep(path, step, encoding)}. ${LEARN_MORE}`);
    default:
      if (value === null) return null;
      throw unsupported("", value, atStep(path, step, encoding));
  }
}

function sortedNames(object: Record<string, unknown>): string[] {
  const names = Object.keys(object);
  for (let i = 1; i < names.length; i++) {
    // What was decoded or read from disk is sorted already.
    if (names[i - 1]! > names[i]!) return names.sort();
  }
  return names;
}

function isSpecialFloat(n: number): boolean {
  return n - n !== 0 || (n === 0 && 1 / n < 0);
}

const LEARN_MORE =
  "Values are null, bigint, number, boolean, string, ArrayBuffer, arrays and plain objects of these.";

function at(path: Path | undefined, whole: unknown): string {
  return path === undefined ? "" : ` (at ${pathText(path)} in ${stringifyValueForError(whole)})`;
}

function atStep(path: Path | undefined, step: string | number | undefined, encoding: Encoding): string {
  return at(step === undefined ? path : { parent: path, step }, encoding.whole);
}

function unsupported(kind: string, value: unknown, where: string): Error {
  const more = where === "" ? "" : ` ${LEARN_MORE}`;
  return new Error(`${kind}${stringifyValueForError(value)} cannot be a Convex value${where}.${more}`);
}

function unsupportedObject(value: object, encoding: Encoding, path: Path | undefined): Error {
  const where = at(path, encoding.whole);
  if (value instanceof Set) return unsupported("Set ", [...value], where);
  if (value instanceof Map) return unsupported("Map ", [...value], where);
  const name: unknown = value.constructor?.name;
  return unsupported(typeof name === "string" && name !== "" ? `${name} ` : "", value, where);
}

function checkEncodedField(name: string, encoding: Encoding, path: Path | undefined): void {
  const wrong = fieldNameFault(name);
  if (wrong === null) return;
  throw new Error(path === undefined ? wrong : `${wrong}${at({ parent: path, step: name }, encoding.whole)}`);
}

// --- decoding ---

function fault(text: string, path: Path | undefined): Error {
  return new Error(path === undefined ? text : `${text} (at path ${pathText(path)})`);
}

function checkField(name: string, path: Path | undefined): void {
  const wrong = fieldNameFault(name);
  if (wrong !== null) throw fault(wrong, path);
}

function decode(json: JSONValue, path: Path | undefined): Value {
  switch (typeof json) {
    case "string":
      if (!isWellFormedUnicode(json)) {
        throw fault(`The string ${stringifyValueForError(json)} has half of a surrogate pair`, path);
      }
      return json;
    case "number":
    case "boolean":
      return json;
    case "object":
      break;
    default:
      throw fault(`Unexpected type of ${String(json)}`, path);
  }
  if (json === null) return null;
  if (Array.isArray(json)) {
    const out: Value[] = new Array(json.length);
    for (let i = 0; i < json.length; i++) out[i] = decodeChild(json[i]!, path, i);
    return out;
  }
  const names = Object.keys(json);
  if (names.length === 1 && names[0]!.charCodeAt(0) === 36) {
    const special = decodeForm(names[0]!, json[names[0]!]!, json, path);
    if (special !== undefined) return special;
  }
  const out: { [key: string]: Value } = {};
  for (const name of names) {
    checkField(name, path);
    setField(out, name, decodeChild(json[name]!, path, name));
  }
  return out;
}

function decodeInPlace(json: JSONValue[] | { [key: string]: JSONValue }, path: Path | undefined): Value {
  if (Array.isArray(json)) {
    for (let i = 0; i < json.length; i++) {
      const child = json[i]!;
      if (typeof child === "object" && child !== null) {
        const value = decodeInPlace(child, { parent: path, step: i });
        if (value !== child) (json as Value[])[i] = value;
      } else if (typeof child === "string") checkText(child, path, i);
    }
    return json;
  }
  const names = Object.keys(json);
  if (names.length === 1 && names[0]!.charCodeAt(0) === 36) {
    const special = decodeForm(names[0]!, json[names[0]!]!, json, path);
    if (special !== undefined) return special;
  }
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    checkField(name, path);
    const child = json[name]!;
    if (typeof child === "object" && child !== null) {
      const value = decodeInPlace(child, { parent: path, step: name });
      // An own field is there already: not even `__proto__` means anything else.
      if (value !== child) (json as { [key: string]: Value })[name] = value;
    } else if (typeof child === "string") checkText(child, path, name);
  }
  return json;
}

function checkText(text: string, path: Path | undefined, step: string | number): void {
  if (!isWellFormedUnicode(text)) decode(text, { parent: path, step });
}

/** Decodes what is inside a container; most of that is scalars, which need no path made for them. */
function decodeChild(json: JSONValue, path: Path | undefined, step: string | number): Value {
  if (json === null || typeof json === "number" || typeof json === "boolean") return json;
  if (typeof json === "string" && isWellFormedUnicode(json)) return json;
  return decode(json, { parent: path, step });
}

/** Decodes `{"$…": inner}`; undefined when it is not one of the known forms. */
function decodeForm(
  name: string,
  inner: JSONValue,
  json: JSONValue,
  path: Path | undefined,
): Value | undefined {
  switch (name) {
    case "$bytes":
      return form(name, inner, json, path, (text) => decodeBase64(text).buffer);
    case "$integer":
      return form(name, inner, json, path, decodeI64);
    case "$float": {
      const n = form(name, inner, json, path, decodeF64);
      if (!isSpecialFloat(n)) throw fault(`${n} must be a plain JSON number, not a $float`, path);
      return n;
    }
    case "$commitTs":
      if (inner !== null) throw fault(`Malformed $commitTs field on ${stringifyValueForError(json)}`, path);
      return commitTsPlaceholder;
    case "$set":
      throw fault("A Set is no Convex value: use an array.", path);
    case "$map":
      throw fault("A Map is no Convex value: use an object or an array of pairs.", path);
    default:
      return undefined;
  }
}

function form<T>(
  name: string,
  inner: JSONValue,
  json: JSONValue,
  path: Path | undefined,
  read: (text: string) => T,
): T {
  if (typeof inner !== "string")
    throw fault(`Malformed ${name} field on ${stringifyValueForError(json)}`, path);
  try {
    return read(inner);
  } catch (cause) {
    throw fault(`Malformed ${name} field: ${(cause as Error).message}`, path);
  }
}

import { jsonToConvex } from "./json.ts";
import { stringifyValueForError } from "./stringify.ts";
import { isSimpleObject, type JSONValue, setField } from "./value.ts";

/** A property of an object validator in its JSON form. */
export type ObjectFieldType = { fieldType: ValidatorJSON; optional: boolean };

/** A validator as it travels (R §3.1). `number` is a float64, `bigint` an int64. */
export type ValidatorJSON =
  | { type: "null" }
  | { type: "number" }
  | { type: "bigint" }
  | { type: "commitTs" }
  | { type: "boolean" }
  | { type: "string" }
  | { type: "bytes" }
  | { type: "any" }
  | { type: "literal"; value: JSONValue }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJSON }
  | { type: "record"; keys: RecordKeyValidatorJSON; values: RecordValueValidatorJSON }
  | { type: "object"; value: Record<string, ObjectFieldType> }
  | { type: "union"; value: ValidatorJSON[] };

/** What may validate the keys of a record: strings, ids, unions of them. */
export type RecordKeyValidatorJSON =
  | { type: "string" }
  | { type: "id"; tableName: string }
  | { type: "union"; value: RecordKeyValidatorJSON[] };

/** What validates the values of a record: never optional. */
export type RecordValueValidatorJSON = ObjectFieldType & { optional: false };

/** The JSON is no validator. `code` is `InvalidRecordType` where R §3.1 has that, else `InvalidValidator`. */
export class ValidatorJsonError extends Error {
  override readonly name = "ValidatorJsonError";
  readonly code: "InvalidValidator" | "InvalidRecordType";
  constructor(code: "InvalidValidator" | "InvalidRecordType", message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Checks that untrusted JSON is a validator and answers it cleaned of unknown fields. The older way to
 * write a record (`values` without `fieldType`) is accepted too. Throws {@link ValidatorJsonError}.
 */
export function parseValidatorJson(json: unknown): ValidatorJSON {
  return parse(json, "");
}

function invalid(path: string, what: string): ValidatorJsonError {
  return new ValidatorJsonError(
    "InvalidValidator",
    `Invalid validator${path === "" ? "" : ` at ${path}`}: ${what}`,
  );
}

function parse(json: unknown, path: string): ValidatorJSON {
  if (!isSimpleObject(json)) {
    throw invalid(path, `expected an object with a "type", got ${stringifyValueForError(json)}.`);
  }
  switch (json.type) {
    case "null":
    case "number":
    case "bigint":
    case "commitTs":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
      return { type: json.type };
    case "literal":
      return parseLiteral(json.value, path);
    case "id":
      if (typeof json.tableName !== "string") throw invalid(path, '"id" needs a "tableName".');
      return { type: "id", tableName: json.tableName };
    case "array":
      return { type: "array", value: parse(json.value, `${path}[]`) };
    case "record":
      return parseRecord(json.keys, json.values, path);
    case "object": {
      if (!isSimpleObject(json.value)) throw invalid(path, '"object" needs a "value" with its fields.');
      const value: Record<string, ObjectFieldType> = {};
      for (const [name, field] of Object.entries(json.value)) {
        setField(value, name, parseField(field, `${path}.${name}`));
      }
      return { type: "object", value };
    }
    case "union":
      if (!Array.isArray(json.value)) throw invalid(path, '"union" needs a "value" with its members.');
      return { type: "union", value: json.value.map((member: unknown) => parse(member, path)) };
    default:
      throw invalid(path, `unknown type ${stringifyValueForError(json.type)}.`);
  }
}

function parseField(json: unknown, path: string): ObjectFieldType {
  if (!isSimpleObject(json) || typeof json.optional !== "boolean") {
    throw invalid(path, `expected {"fieldType", "optional"}, got ${stringifyValueForError(json)}.`);
  }
  return { fieldType: parse(json.fieldType, path), optional: json.optional };
}

function parseLiteral(json: unknown, path: string): ValidatorJSON {
  if (json === undefined) throw invalid(path, '"literal" needs a "value".');
  const value = jsonToConvex(json as JSONValue);
  const special = typeof value === "number" && !Number.isFinite(value);
  if (special || !["string", "number", "bigint", "boolean"].includes(typeof value)) {
    throw invalid(path, `${stringifyValueForError(json)} cannot be a literal.`);
  }
  return { type: "literal", value: json as JSONValue };
}

function parseRecord(keys: unknown, values: unknown, path: string): ValidatorJSON {
  const key = parse(keys, `${path}.keys()`);
  if (!isRecordKey(key)) {
    throw new ValidatorJsonError(
      "InvalidRecordType",
      `Records can only have keys that are strings, ids or unions of these, but got ${validatorToSource(key)}${path === "" ? "" : ` at ${path}`}.`,
    );
  }
  const plain = isSimpleObject(values) && values.fieldType === undefined && values.type !== undefined;
  const value = parseField(plain ? { fieldType: values, optional: false } : values, `${path}.values()`);
  if (value.optional) {
    throw new ValidatorJsonError(
      "InvalidRecordType",
      `The values of a record cannot be optional${path === "" ? "" : ` (at ${path})`}.`,
    );
  }
  return { type: "record", keys: key, values: { fieldType: value.fieldType, optional: false } };
}

function isRecordKey(json: ValidatorJSON): json is RecordKeyValidatorJSON {
  return (
    json.type === "string" || json.type === "id" || (json.type === "union" && json.value.every(isRecordKey))
  );
}

/** Renders a validator as one would write it, for error texts: `v.object({body: v.string()})` (R §3.1). */
export function validatorToSource(json: ValidatorJSON): string {
  switch (json.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "null":
    case "commitTs":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
      return `v.${json.type}()`;
    case "literal":
      return `v.literal(${literalToSource(json.value)})`;
    case "id":
      return `v.id("${json.tableName}")`;
    case "array":
      return `v.array(${validatorToSource(json.value)})`;
    case "record":
      return `v.record(${validatorToSource(json.keys)}, ${validatorToSource(json.values.fieldType)})`;
    case "object": {
      const fields = Object.keys(json.value)
        .sort()
        .map((name) => {
          const { fieldType, optional } = json.value[name]!;
          const source = validatorToSource(fieldType);
          return `${name}: ${optional ? `v.optional(${source})` : source}`;
        });
      return `v.object({${fields.join(", ")}})`;
    }
    case "union":
      return `v.union(${json.value.map(validatorToSource).join(", ")})`;
    default:
      return json satisfies never;
  }
}

/** Renders the value of a literal; an int64 as `1n`. */
export function literalToSource(json: JSONValue): string {
  const value = jsonToConvex(json);
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

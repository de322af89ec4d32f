import { isCommitTsPlaceholder } from "./commit_ts.ts";
import { tableNumberOf } from "./document_id.ts";
import { jsonToConvex } from "./json.ts";
import { renderValue } from "./render_value.ts";
import { literalToSource, type ValidatorJSON, validatorToSource } from "./validator_json.ts";
import type { Value } from "./value.ts";

/** What validation has to know about the tables of the namespace that ids belong to. */
export interface ValidatorTables {
  /** The number of a table, or null when there is none of that name. */
  tableNumberOf(name: string): number | null;
  /** The name of a table, or null when there is none of that number. */
  tableNameOf(tableNumber: number): string | null;
  /** Whether it is a system table; without this, names starting with `_` are. */
  isSystemTable?(tableNumber: number): boolean;
}

/** A validator made ready: answers null, or the text of the error (R §3.1). */
export type CompiledValidator = (value: Value | undefined, tables: ValidatorTables) => string | null;

/**
 * Checks a value against a validator. Answers null when it fits, else the text of the error with the
 * path of the first fault (R §3.1). To check more than once, use {@link compileValidator}.
 */
export function validateValue(
  validator: ValidatorJSON,
  value: Value | undefined,
  tables: ValidatorTables,
): string | null {
  return compileValidator(validator)(value, tables);
}

/** Prepares a validator, so that checking a value does no more than look at it. */
export function compileValidator(validator: ValidatorJSON): CompiledValidator {
  const check = compile(validator);
  return (value, tables) => {
    const fault = check(value, tables);
    return fault === null ? null : explain(fault);
  };
}

/** A fault found deep inside; the steps of its path are added, innermost first, on the way out. */
interface Fault {
  explain: (path: string) => string;
  steps: string[];
}

type Check = (value: Value | undefined, tables: ValidatorTables) => Fault | null;

type ObjectValue = { [key: string]: Value | undefined };

function explain(fault: Fault): string {
  return fault.explain(fault.steps.length === 0 ? "" : `Path: ${fault.steps.reverse().join("")}`);
}

function within(fault: Fault | null, step: string): Fault | null {
  fault?.steps.push(step);
  return fault;
}

function isObject(value: Value | undefined): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ArrayBuffer) &&
    !isCommitTsPlaceholder(value)
  );
}

function compile(validator: ValidatorJSON): Check {
  switch (validator.type) {
    case "any":
      return (value) => (value === undefined ? noMatch(validator, value) : null);
    case "null":
      return (value) => (value === null ? null : noMatch(validator, value));
    case "number":
      return (value) => (typeof value === "number" ? null : noMatch(validator, value));
    case "bigint":
      return (value) => (typeof value === "bigint" ? null : noMatch(validator, value));
    case "commitTs":
      return (value) =>
        typeof value === "bigint" || isCommitTsPlaceholder(value) ? null : noMatch(validator, value);
    case "boolean":
      return (value) => (typeof value === "boolean" ? null : noMatch(validator, value));
    case "string":
      return (value) => (typeof value === "string" ? null : noMatch(validator, value));
    case "bytes":
      return (value) => (value instanceof ArrayBuffer ? null : noMatch(validator, value));
    case "literal":
      return compileLiteral(validator);
    case "id":
      return compileId(validator);
    case "array": {
      const element = compile(validator.value);
      return (value, tables) => {
        if (!Array.isArray(value)) return noMatch(validator, value);
        for (let i = 0; i < value.length; i++) {
          const fault = element(value[i], tables);
          if (fault !== null) return within(fault, `[${i}]`);
        }
        return null;
      };
    }
    case "record":
      return compileRecord(validator);
    case "object":
      return compileObject(validator);
    case "union":
      return compileUnion(validator);
    default:
      return validator satisfies never;
  }
}

function noMatch(validator: ValidatorJSON, value: Value | undefined): Fault {
  return {
    steps: [],
    explain: (path) =>
      `Value does not match validator.\n${path}\nValue: ${renderValue(value)}\nValidator: ${validatorToSource(validator)}`,
  };
}

function compileLiteral(validator: ValidatorJSON & { type: "literal" }): Check {
  const literal = jsonToConvex(validator.value);
  return (value) =>
    // `Object.is` keeps apart what the total order keeps apart: 0 and -0.
    Object.is(value, literal)
      ? null
      : {
          steps: [],
          explain: (path) =>
            withPath(
              `\`${renderValue(value)}\` does not match literal validator \`v.literal(${literalToSource(validator.value)})\`.`,
              path,
            ),
        };
}

function withPath(text: string, path: string): string {
  return path === "" ? text : `${text}\n${path}`;
}

function compileId(validator: ValidatorJSON & { type: "id" }): Check {
  return (value, tables) => {
    if (typeof value !== "string") return noMatch(validator, value);
    const tableNumber = tableNumberOf(value);
    if (tableNumber === null) return noMatch(validator, value);
    if (tables.tableNumberOf(validator.tableName) === tableNumber) return null;
    const found = tables.tableNameOf(tableNumber);
    if (found === null) return noMatch(validator, value);
    if (found === validator.tableName) return null;
    const system = tables.isSystemTable?.(tableNumber) ?? found.startsWith("_");
    const from = system ? "a system table" : `table \`${found}\``;
    return {
      steps: [],
      explain: (path) =>
        withPath(
          `Found ID "${value}" from ${from}, which does not match the table name in validator \`v.id("${validator.tableName}")\`.`,
          path,
        ),
    };
  };
}

function compileRecord(validator: ValidatorJSON & { type: "record" }): Check {
  const checkKey = compile(validator.keys);
  const checkField = compile(validator.values.fieldType);
  return (value, tables) => {
    if (!isObject(value)) return noMatch(validator, value);
    for (const name of Object.keys(value)) {
      const field = value[name];
      if (field === undefined) continue;
      const badKey = checkKey(name, tables);
      if (badKey !== null) return within(badKey, ".keys()");
      const badField = checkField(field, tables);
      if (badField !== null) return within(badField, ".values()");
    }
    return null;
  };
}

function compileObject(validator: ValidatorJSON & { type: "object" }): Check {
  // Sorted, so that which fault is told first does not depend on how the validator was written.
  const names = Object.keys(validator.value).sort();
  const checks = names.map((name) => compile(validator.value[name]!.fieldType));
  const optional = names.map((name) => validator.value[name]!.optional);
  const known = new Set(names);
  const told = (text: string, value: ObjectValue): Fault => ({
    steps: [],
    explain: (path) =>
      `${text}\n${path}\nObject: ${renderValue(value as Value)}\nValidator: ${validatorToSource(validator)}`,
  });
  return (value, tables) => {
    if (!isObject(value)) return noMatch(validator, value);
    let present = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const field = Object.hasOwn(value, name) ? value[name] : undefined;
      if (field === undefined) {
        if (optional[i]) continue;
        return told(
          `Object is missing the required field \`${name}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.`,
          value,
        );
      }
      present++;
      const fault = checks[i]!(field, tables);
      if (fault !== null) return within(fault, `.${name}`);
    }
    const given = Object.keys(value);
    if (given.length === present) return null;
    for (const name of given) {
      if (value[name] !== undefined && !known.has(name)) {
        return told(`Object contains extra field \`${name}\` that is not in the validator.`, value);
      }
    }
    return null;
  };
}

function compileUnion(validator: ValidatorJSON & { type: "union" }): Check {
  const members = validator.value.map(compile);
  if (members.length === 1) return members[0]!;
  return (value, tables) => {
    for (const member of members) if (member(value, tables) === null) return null;
    return noMatch(validator, value);
  };
}

import {
  compareValues,
  type JSONValue,
  jsonToConvex,
  jsonToConvexOrUndefined,
  renderValue,
  type Value,
} from "@tandem/values";
import { SyscallError } from "./syscall_error.ts";

/** Answers a field's value, or an operation's result; `undefined` is a missing field, below everything (R §1.7). */
type Evaluate = (document: JSONValue) => Value | undefined;

/** Prepares an expression: true for documents that stay. Throws for what is no expression. */
export function compileFilter(expression: JSONValue): (document: JSONValue) => boolean {
  const evaluate = compile(expression);
  return (document) => asBoolean(evaluate(document));
}

function evalError(text: string): SyscallError {
  return new SyscallError("EvalError", text);
}

function asBoolean(value: Value | undefined): boolean {
  if (typeof value === "boolean") return value;
  throw evalError(`Cannot use value ${renderValue(value)} as a Boolean`);
}

function typeName(value: Value | undefined): string {
  switch (typeof value) {
    case "bigint":
      return "Int64";
    case "number":
      return "Float64";
    case "string":
      return "String";
    case "boolean":
      return "Boolean";
    case "undefined":
      return "Undefined";
    default:
      if (value === null) return "Null";
      return Array.isArray(value) ? "Array" : value instanceof ArrayBuffer ? "Bytes" : "Object";
  }
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  $eq: (order) => order === 0,
  $neq: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

interface Arithmetic {
  readonly verb: string;
  readonly joint: string;
  readonly float: (a: number, b: number) => number;
  readonly int: (a: bigint, b: bigint) => bigint;
}

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  $add: { verb: "add", joint: "and", float: (a, b) => a + b, int: (a, b) => a + b },
  $sub: { verb: "subtract", joint: "and", float: (a, b) => a - b, int: (a, b) => a - b },
  $mul: { verb: "multiply", joint: "and", float: (a, b) => a * b, int: (a, b) => a * b },
  $div: { verb: "divide", joint: "by", float: (a, b) => a / b, int: (a, b) => a / b },
  $mod: { verb: "take the remainder of", joint: "by", float: (a, b) => a % b, int: (a, b) => a % b },
};

function compile(expression: JSONValue): Evaluate {
  if (typeof expression !== "object" || expression === null || Array.isArray(expression))
    return literal(expression);
  const names = Object.keys(expression);
  const operator = names[0];
  if (names.length !== 1 || operator === undefined || !operator.startsWith("$")) return literal(expression);
  const operand = expression[operator]!;
  const comparison = COMPARISONS[operator];
  if (comparison !== undefined) {
    const [a, b] = pair(operand, operator);
    return (document) => comparison(compareValues(a(document), b(document)));
  }
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic !== undefined) {
    const [a, b] = pair(operand, operator);
    return (document) => calculate(arithmetic, a(document), b(document));
  }
  switch (operator) {
    case "$and": {
      const all = list(operand, operator);
      return (document) => all.every((one) => asBoolean(one(document)));
    }
    case "$or": {
      const all = list(operand, operator);
      return (document) => all.some((one) => asBoolean(one(document)));
    }
    case "$not": {
      const one = compile(operand);
      return (document) => !asBoolean(one(document));
    }
    case "$neg": {
      const one = compile(operand);
      return (document) => {
        const value = one(document);
        if (typeof value === "number") return -value;
        if (typeof value === "bigint") return inRange(-value);
        throw evalError(`Cannot negate ${renderValue(value)} (type ${typeName(value)})`);
      };
    }
    case "$field": {
      if (typeof operand !== "string") throw evalError("$field needs the path of a field.");
      const path = operand.split(".");
      return (document) => {
        let at: JSONValue | undefined = document;
        for (const step of path) {
          if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, step))
            return undefined;
          at = at[step];
        }
        return at === undefined ? undefined : jsonToConvex(at);
      };
    }
    case "$literal": {
      const value = jsonToConvexOrUndefined(operand);
      return () => value;
    }
    default:
      return literal(expression);
  }
}

function literal(json: JSONValue): Evaluate {
  const value = jsonToConvexOrUndefined(json);
  return () => value;
}

function list(operand: JSONValue, operator: string): Evaluate[] {
  if (!Array.isArray(operand)) throw evalError(`${operator} needs a list of expressions.`);
  return operand.map(compile);
}

function pair(operand: JSONValue, operator: string): [Evaluate, Evaluate] {
  const all = list(operand, operator);
  if (all.length !== 2) throw evalError(`${operator} needs two expressions, not ${all.length}.`);
  return [all[0]!, all[1]!];
}

function inRange(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw evalError("Integer overflow");
}

function calculate(
  { verb, joint, float, int }: Arithmetic,
  a: Value | undefined,
  b: Value | undefined,
): Value {
  if (typeof a === "number" && typeof b === "number") return float(a, b);
  if (typeof a === "bigint" && typeof b === "bigint") {
    if (b === 0n && joint === "by") throw evalError(`Cannot ${verb} ${a}n by zero`);
    return inRange(int(a, b));
  }
  throw evalError(
    `Cannot ${verb} ${renderValue(a)} (type ${typeName(a)}) ${joint} ${renderValue(b)} (type ${typeName(b)})`,
  );
}

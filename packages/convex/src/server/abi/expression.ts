import { convexOrUndefinedToJson, type JSONValue, type Value } from "@tandem/values";

/** Tells an expression from a plain value, whichever copy of this package made it. */
const expressionBrand = Symbol.for("tandem.expression");

/** A node of an expression as it is sent (R §1.7). */
export class ExpressionNode {
  readonly json: JSONValue;

  constructor(json: JSONValue) {
    this.json = json;
  }

  get [expressionBrand](): true {
    return true;
  }
}

/** What may stand in an expression. */
export type Operand = ExpressionNode | Value | undefined;

/** An operand as it is sent: a node as it is, a plain value as a literal. */
export function operandJson(operand: Operand): JSONValue {
  if (typeof operand === "object" && operand !== null && expressionBrand in operand) {
    return (operand as ExpressionNode).json;
  }
  return { $literal: convexOrUndefinedToJson(operand as Value | undefined) };
}

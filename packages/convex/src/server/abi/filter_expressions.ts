import { ExpressionNode, type Operand, operandJson } from "./expression.ts";

function binary(operator: string, left: Operand, right: Operand): ExpressionNode {
  return new ExpressionNode({ [operator]: [operandJson(left), operandJson(right)] });
}

/** The `q` of `.filter(q => …)`: every call makes one node of the expression that is sent (R §1.7). */
export const filterExpressions = /* @__PURE__ */ Object.freeze({
  eq: (left: Operand, right: Operand) => binary("$eq", left, right),
  neq: (left: Operand, right: Operand) => binary("$neq", left, right),
  lt: (left: Operand, right: Operand) => binary("$lt", left, right),
  lte: (left: Operand, right: Operand) => binary("$lte", left, right),
  gt: (left: Operand, right: Operand) => binary("$gt", left, right),
  gte: (left: Operand, right: Operand) => binary("$gte", left, right),
  add: (left: Operand, right: Operand) => binary("$add", left, right),
  sub: (left: Operand, right: Operand) => binary("$sub", left, right),
  mul: (left: Operand, right: Operand) => binary("$mul", left, right),
  div: (left: Operand, right: Operand) => binary("$div", left, right),
  mod: (left: Operand, right: Operand) => binary("$mod", left, right),
  neg: (operand: Operand) => new ExpressionNode({ $neg: operandJson(operand) }),
  and: (...operands: Operand[]) => new ExpressionNode({ $and: operands.map(operandJson) }),
  or: (...operands: Operand[]) => new ExpressionNode({ $or: operands.map(operandJson) }),
  not: (operand: Operand) => new ExpressionNode({ $not: operandJson(operand) }),
  field: (path: string) => new ExpressionNode({ $field: path }),
});

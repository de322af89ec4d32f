import type { JSONValue, Value } from "@tandem/values";
import { requireArgument } from "./check_argument.ts";
import { ExpressionNode, type Operand, operandJson } from "./expression.ts";
import { asyncSyscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

type VectorQuery = {
  vector: number[];
  limit?: number;
  filter?: (q: typeof vectorExpressions) => Operand;
};

/** The `q` of a vector search's `filter: q => …`: equalities, and one level of `or` (R §1.6). */
const vectorExpressions = /* @__PURE__ */ Object.freeze({
  eq(field: string, value: Value | undefined): ExpressionNode {
    if (typeof field !== "string") {
      throw new Error(`\`q.eq\` needs the name of a field first, but got a value of type ${typeof field}.`);
    }
    return new ExpressionNode({ $eq: [{ $field: field }, operandJson(value)] });
  },
  or: (...operands: Operand[]) => new ExpressionNode({ $or: operands.map(operandJson) }),
});

/** `ctx.vectorSearch` of actions and HTTP actions. */
export function vectorSearch(requestId: string) {
  return async (tableName: string, indexName: string, query: VectorQuery) => {
    requireArgument(tableName, 1, "vectorSearch", "tableName");
    requireArgument(indexName, 2, "vectorSearch", "indexName");
    requireArgument(query, 3, "vectorSearch", "query");
    const { vector, limit, filter } = query;
    if (!Array.isArray(vector) || vector.length === 0) {
      throw new Error("`vectorSearch` needs an array of at least one number in `vector`.");
    }
    const expressions: JSONValue = filter ? operandJson(filter(vectorExpressions)) : null;
    const sent = { indexName: `${tableName}.${indexName}`, limit, vector, expressions };
    const { results } = (await asyncSyscall("1.0/actions/vectorSearch", {
      requestId,
      version: abiVersion,
      query: sent,
    })) as { results: { _id: string; _score: number }[] };
    return results;
  };
}

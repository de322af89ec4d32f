import type { NumericValue, Value } from "@tandem/values";
import type { DocumentByInfo, FieldPaths, FieldTypeFromFieldPath, GenericTableInfo } from "./data_model.ts";

declare const isExpression: unique symbol;

/**
 * A computation over a document, made by a {@link FilterBuilder}. `T` is what it yields: it guides inference, but is not
 * held against the place where the expression stands, since apps compare fields of different types.
 */
// biome-ignore lint/correctness/noUnusedVariables: see above.
export interface Expression<T extends Value | undefined> {
  readonly [isExpression]: true;
}

/** A computation, or a plain value that stands for itself. */
export type ExpressionOrValue<T extends Value | undefined> = Expression<T> | T;

type Comparison<Lowest extends Value | undefined> = <T extends Lowest>(
  left: ExpressionOrValue<T>,
  right: ExpressionOrValue<T>,
) => Expression<boolean>;

type Arithmetic = <T extends NumericValue>(
  left: ExpressionOrValue<T>,
  right: ExpressionOrValue<T>,
) => Expression<T>;

/**
 * What `.filter(q => …)` builds conditions with. Values compare in the total order of P §4.5; arithmetic needs two
 * numbers of one kind (R §1.7).
 */
export interface FilterBuilder<TableInfo extends GenericTableInfo> {
  /** Equal. A missing field equals `undefined` only. */
  eq: Comparison<Value | undefined>;
  /** Not equal. */
  neq: Comparison<Value | undefined>;
  /** Less than. */
  lt: Comparison<Value>;
  /** Less than or equal. */
  lte: Comparison<Value>;
  /** Greater than. */
  gt: Comparison<Value>;
  /** Greater than or equal. */
  gte: Comparison<Value>;
  add: Arithmetic;
  sub: Arithmetic;
  mul: Arithmetic;
  div: Arithmetic;
  /** Remainder of a division. */
  mod: Arithmetic;
  /** The number with the other sign. */
  neg<T extends NumericValue>(x: ExpressionOrValue<T>): Expression<T>;
  /** All of them. */
  and(...exprs: Array<ExpressionOrValue<boolean>>): Expression<boolean>;
  /** At least one of them. */
  or(...exprs: Array<ExpressionOrValue<boolean>>): Expression<boolean>;
  not(x: ExpressionOrValue<boolean>): Expression<boolean>;
  /** The value at a (dotted) path of the document, `undefined` where there is none. */
  field<FieldPath extends FieldPaths<TableInfo>>(
    fieldPath: FieldPath,
  ): Expression<FieldTypeFromFieldPath<DocumentByInfo<TableInfo>, FieldPath>>;
}

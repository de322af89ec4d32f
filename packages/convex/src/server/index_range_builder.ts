import type { FieldTypeFromFieldPath, GenericDocument, GenericIndexFields } from "./data_model.ts";

declare const indexRange: unique symbol;

/** A finished range of an index. Obtained from {@link IndexRangeBuilder} only. */
export interface IndexRange {
  readonly [indexRange]: true;
}

/** `Successor[n]` is n + 1, for the at most 16 fields of an index (P §4.2). */
type Successor = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/**
 * What `.withIndex(name, q => …)` builds ranges with: equalities on the first fields of the index in their order, then
 * at most one lower and one upper bound on the field that follows (R §1.7). Each step takes the place of the one before.
 */
export interface IndexRangeBuilder<
  Document extends GenericDocument,
  IndexFields extends GenericIndexFields,
  FieldNum extends number = 0,
> extends LowerBoundIndexRangeBuilder<Document, IndexFields[FieldNum]> {
  /** Only documents whose next index field equals `value`; `undefined` means that it is missing. */
  eq(
    fieldName: IndexFields[FieldNum],
    value: FieldTypeFromFieldPath<Document, IndexFields[FieldNum]>,
  ): AfterEquality<Document, IndexFields, FieldNum>;
}

type AfterEquality<
  Document extends GenericDocument,
  IndexFields extends GenericIndexFields,
  FieldNum extends number,
> = Successor[FieldNum] extends IndexFields["length"]
  ? IndexRange
  : IndexRangeBuilder<Document, IndexFields, Successor[FieldNum]>;

/** A range that may still get a lower bound. */
export interface LowerBoundIndexRangeBuilder<Document extends GenericDocument, IndexFieldName extends string>
  extends UpperBoundIndexRangeBuilder<Document, IndexFieldName> {
  /** Greater than. */
  gt(
    fieldName: IndexFieldName,
    value: FieldTypeFromFieldPath<Document, IndexFieldName>,
  ): UpperBoundIndexRangeBuilder<Document, IndexFieldName>;
  /** Greater than or equal. */
  gte(
    fieldName: IndexFieldName,
    value: FieldTypeFromFieldPath<Document, IndexFieldName>,
  ): UpperBoundIndexRangeBuilder<Document, IndexFieldName>;
}

/** A range that may still get an upper bound. */
export interface UpperBoundIndexRangeBuilder<Document extends GenericDocument, IndexFieldName extends string>
  extends IndexRange {
  /** Less than. */
  lt(fieldName: IndexFieldName, value: FieldTypeFromFieldPath<Document, IndexFieldName>): IndexRange;
  /** Less than or equal. */
  lte(fieldName: IndexFieldName, value: FieldTypeFromFieldPath<Document, IndexFieldName>): IndexRange;
}

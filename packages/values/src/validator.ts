// biome-ignore-all lint/suspicious/noExplicitAny: the public generics of validators are written with `any`, and an app's types are inferred through them.
import type { CommitTsPlaceholder } from "./commit_ts.ts";
import {
  type Expand,
  type GenericValidator,
  type Infer,
  type ObjectType,
  type OptionalKeys,
  type PropertyValidators,
  VAny,
  VArray,
  type Validator,
  VBoolean,
  VBytes,
  VCommitTs,
  VFloat64,
  VId,
  VInt64,
  VLiteral,
  VNull,
  VObject,
  type VOptional,
  VRecord,
  VString,
  VUnion,
} from "./validator_classes.ts";
import type { GenericId } from "./value.ts";

/** Whether something is a validator, whichever copy of this package made it. */
export function isValidator(value: unknown): value is GenericValidator {
  return (value as { isConvexValidator?: unknown } | null | undefined)?.isConvexValidator === true;
}

/** A validator as it is; validators by property name as the validator of an object with them. */
export type AsObjectValidator<V extends Validator<any, any, any> | PropertyValidators> =
  V extends Validator<any, any, any> ? V : V extends PropertyValidators ? Validator<ObjectType<V>> : never;

/** Answers a validator as it is, and turns validators by property name into a `v.object`. */
export function asObjectValidator<V extends Validator<any, any, any> | PropertyValidators>(
  obj: V,
): V extends Validator<any, any, any> ? V : V extends PropertyValidators ? Validator<ObjectType<V>> : never {
  return (isValidator(obj) ? obj : v.object(obj as PropertyValidators)) as AsObjectValidator<V>;
}

/**
 * Builds validators: for the arguments and results of functions and for the documents of tables.
 *
 * @example
 * ```ts
 * import { v } from "convex/values";
 *
 * const message = v.object({
 *   author: v.id("users"),
 *   body: v.string(),
 *   likes: v.optional(v.number()),
 * });
 * ```
 */
export const v = {
  /** The id of a document of the table; checks the table, not that the document exists. */
  id: <TableName extends string>(tableName: TableName): VId<GenericId<TableName>, "required"> =>
    new VId<GenericId<TableName>, "required">({ isOptional: "required", tableName: tableName as never }),

  /** `null`. */
  null: (): VNull<null, "required"> => new VNull<null, "required">({ isOptional: "required" }),

  /** A number (float64), NaN and the infinities included. */
  number: (): VFloat64<number, "required"> => new VFloat64<number, "required">({ isOptional: "required" }),

  /** The same as `v.number()`. */
  float64: (): VFloat64<number, "required"> => new VFloat64<number, "required">({ isOptional: "required" }),

  /** @deprecated Use `v.int64()`. */
  bigint: (): VInt64<bigint, "required"> => new VInt64<bigint, "required">({ isOptional: "required" }),

  /** A `bigint` from -2^63 to 2^63-1. */
  int64: (): VInt64<bigint, "required"> => new VInt64<bigint, "required">({ isOptional: "required" }),

  /** An int64 that may be written as `db.vars.commitTs`, the timestamp of the commit under way. */
  commitTs: (): VCommitTs<bigint | CommitTsPlaceholder, "required"> =>
    new VCommitTs<bigint | CommitTsPlaceholder, "required">({ isOptional: "required" }),

  /** `true` or `false`. */
  boolean: (): VBoolean<boolean, "required"> => new VBoolean<boolean, "required">({ isOptional: "required" }),

  /** A string. */
  string: (): VString<string, "required"> => new VString<string, "required">({ isOptional: "required" }),

  /** An `ArrayBuffer`. */
  bytes: (): VBytes<ArrayBuffer, "required"> =>
    new VBytes<ArrayBuffer, "required">({ isOptional: "required" }),

  /** Exactly this string, number, bigint or boolean. */
  literal: <T extends string | number | bigint | boolean>(literal: T): VLiteral<T, "required"> =>
    new VLiteral<T, "required">({ isOptional: "required", value: literal }),

  /** An array whose elements the given validator accepts; at most 8192 of them. */
  array: <T extends Validator<any, "required", any>>(element: T): VArray<T["type"][], T, "required"> =>
    new VArray<T["type"][], T, "required">({ isOptional: "required", element }),

  /** An object with exactly these properties. */
  object: <T extends PropertyValidators>(
    fields: T,
  ): VObject<
    Expand<
      { [Property in OptionalKeys<T>]?: Exclude<Infer<T[Property]>, undefined> } & {
        [Property in Exclude<keyof T, OptionalKeys<T>>]: Infer<T[Property]>;
      }
    >,
    T,
    "required",
    {
      [Property in keyof T]: Property | `${Property & string}.${T[Property]["fieldPaths"]}`;
    }[keyof T] &
      string
  > => new VObject<any, T, "required", any>({ isOptional: "required", fields }),

  /** An object with any keys that `keys` accepts and values that `values` accepts. */
  record: <Key extends Validator<string, "required", any>, Value extends Validator<any, "required", any>>(
    keys: Key,
    values: Value,
  ): VRecord<Record<Infer<Key>, Value["type"]>, Key, Value, "required", string> =>
    new VRecord<Record<Infer<Key>, Value["type"]>, Key, Value, "required", string>({
      isOptional: "required",
      key: keys,
      value: values,
    }),

  /** What at least one of the members accepts. */
  union: <T extends Validator<any, "required", any>[]>(
    ...members: T
  ): VUnion<T[number]["type"], T, "required", T[number]["fieldPaths"]> =>
    new VUnion<T[number]["type"], T, "required", T[number]["fieldPaths"]>({
      isOptional: "required",
      members,
    }),

  /** Any value. */
  any: (): VAny<any, "required", string> => new VAny<any, "required", string>({ isOptional: "required" }),

  /** A property that may be left out. Not the same as one that may be `null`: see `v.nullable`. */
  optional: <T extends GenericValidator>(value: T): VOptional<T> => value.optional() as VOptional<T>,

  /** What the validator accepts, or `null`. */
  nullable: <T extends Validator<any, "required", any>>(
    value: T,
  ): VUnion<
    (T | VNull<null, "required">)["type"],
    [T, VNull<null, "required">],
    "required",
    (T | VNull<null, "required">)["fieldPaths"]
  > =>
    new VUnion<
      (T | VNull<null, "required">)["type"],
      [T, VNull<null, "required">],
      "required",
      (T | VNull<null, "required">)["fieldPaths"]
    >({
      isOptional: "required",
      members: [value, new VNull<null, "required">({ isOptional: "required" })],
    }),
};

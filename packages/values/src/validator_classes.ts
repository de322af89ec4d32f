// biome-ignore-all lint/suspicious/noExplicitAny: the public generics of validators are written with `any`, and an app's types are inferred through them.
import type { CommitTsPlaceholder } from "./commit_ts.ts";
import { convexToJson } from "./json.ts";
import type { RecordKeyValidatorJSON, ValidatorJSON } from "./validator_json.ts";
import { type Value as ConvexValue, type GenericId, setField } from "./value.ts";

/** Makes an editor show an object type written out instead of as an intersection. */
export type Expand<ObjectType extends Record<any, any>> =
  ObjectType extends Record<any, any> ? { [Key in keyof ObjectType]: ObjectType[Key] } : never;

/** Whether a property of an object may be left out. */
export type OptionalProperty = "optional" | "required";

/** A path to a nested field: `a.b`. */
export type JoinFieldPaths<Start extends string, End extends string> = `${Start}.${End}`;

/** Any validator. */
export type GenericValidator = Validator<any, any, any>;

/** Validators for the properties of an object, by name. */
export type PropertyValidators = Record<string, Validator<any, OptionalProperty, any>>;

/**
 * The type of the values that a validator accepts.
 *
 * @example
 * ```ts
 * const point = v.object({ x: v.number(), y: v.optional(v.number()) });
 * type Point = Infer<typeof point>; // { x: number; y?: number }
 * ```
 */
export type Infer<T extends Validator<any, OptionalProperty, any>> = T["type"];

/** The names of the properties that may be left out. */
export type OptionalKeys<Fields extends Record<string, GenericValidator>> = {
  [Property in keyof Fields]: Fields[Property]["isOptional"] extends "optional" ? Property : never;
}[keyof Fields];

/** The names of the properties that must be there. */
export type RequiredKeys<Fields extends Record<string, GenericValidator>> = Exclude<
  keyof Fields,
  OptionalKeys<Fields>
>;

/** The type of the objects that {@link PropertyValidators} accept. */
export type ObjectType<Fields extends PropertyValidators> = Expand<
  { [Property in OptionalKeys<Fields>]?: Exclude<Infer<Fields[Property]>, undefined> } & {
    [Property in RequiredKeys<Fields>]: Infer<Fields[Property]>;
  }
>;

/**
 * A validator of Convex values, made by `v`. `Type` is the type of accepted values, `IsOptional` whether
 * a property with it may be left out, `FieldPaths` the paths that indexes can be defined on. Tell the
 * kinds apart by `kind`; never by `instanceof`, since a program may hold several copies of the classes.
 */
export type Validator<
  Type,
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = never,
> =
  | VId<Type, IsOptional>
  | VString<Type, IsOptional>
  | VFloat64<Type, IsOptional>
  | VInt64<Type, IsOptional>
  | VCommitTs<Type, IsOptional>
  | VBoolean<Type, IsOptional>
  | VNull<Type, IsOptional>
  | VAny<Type, IsOptional>
  | VLiteral<Type, IsOptional>
  | VBytes<Type, IsOptional>
  | VObject<Type, Record<string, Validator<any, OptionalProperty, any>>, IsOptional, FieldPaths>
  | VArray<Type, Validator<any, "required", any>, IsOptional>
  | VRecord<Type, Validator<string, "required", any>, Validator<any, "required", any>, IsOptional, FieldPaths>
  | VUnion<Type, Validator<any, "required", any>[], IsOptional, FieldPaths>;

/** The validator `T` with its property optional. */
export type VOptional<T extends Validator<any, OptionalProperty, any>> =
  T extends VId<infer Type, OptionalProperty>
    ? VId<Type | undefined, "optional">
    : T extends VString<infer Type, OptionalProperty>
      ? VString<Type | undefined, "optional">
      : T extends VFloat64<infer Type, OptionalProperty>
        ? VFloat64<Type | undefined, "optional">
        : T extends VInt64<infer Type, OptionalProperty>
          ? VInt64<Type | undefined, "optional">
          : T extends VCommitTs<infer Type, OptionalProperty>
            ? VCommitTs<Type | undefined, "optional">
            : T extends VBoolean<infer Type, OptionalProperty>
              ? VBoolean<Type | undefined, "optional">
              : T extends VNull<infer Type, OptionalProperty>
                ? VNull<Type | undefined, "optional">
                : T extends VAny<infer Type, OptionalProperty>
                  ? VAny<Type | undefined, "optional">
                  : T extends VLiteral<infer Type, OptionalProperty>
                    ? VLiteral<Type | undefined, "optional">
                    : T extends VBytes<infer Type, OptionalProperty>
                      ? VBytes<Type | undefined, "optional">
                      : T extends VObject<infer Type, infer Fields, OptionalProperty, infer FieldPaths>
                        ? VObject<Type | undefined, Fields, "optional", FieldPaths>
                        : T extends VArray<infer Type, infer Element, OptionalProperty>
                          ? VArray<Type | undefined, Element, "optional">
                          : T extends VRecord<
                                infer Type,
                                infer Key,
                                infer Value,
                                OptionalProperty,
                                infer FieldPaths
                              >
                            ? VRecord<Type | undefined, Key, Value, "optional", FieldPaths>
                            : T extends VUnion<infer Type, infer Members, OptionalProperty, infer FieldPaths>
                              ? VUnion<Type | undefined, Members, "optional", FieldPaths>
                              : never;

type TableNameFromType<T> = T extends GenericId<infer TableName> ? TableName : string;

function undefinedValidator(where: string, field?: string): Error {
  const of = field === undefined ? "" : ` for field "${field}"`;
  return new Error(
    `A validator is undefined${of} in ${where}. Usually two modules import each other, and one of them is not evaluated yet.`,
  );
}

abstract class BaseValidator<
  Type,
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = never,
> {
  /** Exists only for the type checker: the type of accepted values. */
  declare readonly type: Type;
  /** Exists only for the type checker: the paths of the fields of an object. */
  declare readonly fieldPaths: FieldPaths;
  /** Whether a property with this validator may be left out. */
  readonly isOptional: IsOptional;
  /** The brand by which validators know each other. */
  readonly isConvexValidator: true;

  constructor({ isOptional }: { isOptional: IsOptional }) {
    this.isOptional = isOptional;
    this.isConvexValidator = true;
  }

  /** The JSON form that goes to the server (R §3.1). */
  abstract get json(): ValidatorJSON;

  /** The same validator for a property that may be left out. */
  abstract optional(): Validator<Type | undefined, "optional", FieldPaths>;
}

/** What `v.id(tableName)` makes. */
export class VId<Type, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  /** The table that ids must belong to. */
  readonly tableName: TableNameFromType<Type>;
  readonly kind = "id" as const;

  constructor({ isOptional, tableName }: { isOptional: IsOptional; tableName: TableNameFromType<Type> }) {
    super({ isOptional });
    if (typeof tableName !== "string") throw new Error("v.id() takes the name of a table, a string");
    this.tableName = tableName;
  }

  get json(): ValidatorJSON {
    return { type: "id", tableName: this.tableName };
  }

  optional(): VId<Type | undefined, "optional"> {
    return new VId<Type | undefined, "optional">({
      isOptional: "optional",
      tableName: this.tableName as TableNameFromType<Type | undefined>,
    });
  }
}

/** What `v.number()` and `v.float64()` makes. */
export class VFloat64<Type = number, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  readonly kind = "float64" as const;

  get json(): ValidatorJSON {
    return { type: "number" };
  }

  optional(): VFloat64<Type | undefined, "optional"> {
    return new VFloat64<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.int64()` makes. */
export class VInt64<Type = bigint, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  readonly kind = "int64" as const;

  get json(): ValidatorJSON {
    return { type: "bigint" };
  }

  optional(): VInt64<Type | undefined, "optional"> {
    return new VInt64<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.commitTs()` makes. */
export class VCommitTs<
  Type = bigint | CommitTsPlaceholder,
  IsOptional extends OptionalProperty = "required",
> extends BaseValidator<Type, IsOptional> {
  readonly kind = "commitTs" as const;

  get json(): ValidatorJSON {
    return { type: "commitTs" };
  }

  optional(): VCommitTs<Type | undefined, "optional"> {
    return new VCommitTs<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.boolean()` makes. */
export class VBoolean<Type = boolean, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  readonly kind = "boolean" as const;

  get json(): ValidatorJSON {
    return { type: "boolean" };
  }

  optional(): VBoolean<Type | undefined, "optional"> {
    return new VBoolean<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.bytes()` makes. */
export class VBytes<
  Type = ArrayBuffer,
  IsOptional extends OptionalProperty = "required",
> extends BaseValidator<Type, IsOptional> {
  readonly kind = "bytes" as const;

  get json(): ValidatorJSON {
    return { type: "bytes" };
  }

  optional(): VBytes<Type | undefined, "optional"> {
    return new VBytes<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.string()` makes. */
export class VString<Type = string, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  readonly kind = "string" as const;

  get json(): ValidatorJSON {
    return { type: "string" };
  }

  optional(): VString<Type | undefined, "optional"> {
    return new VString<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.null()` makes. */
export class VNull<Type = null, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  readonly kind = "null" as const;

  get json(): ValidatorJSON {
    return { type: "null" };
  }

  optional(): VNull<Type | undefined, "optional"> {
    return new VNull<Type | undefined, "optional">({ isOptional: "optional" });
  }
}

/** What `v.any()` makes. */
export class VAny<
  Type = any,
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = string,
> extends BaseValidator<Type, IsOptional, FieldPaths> {
  readonly kind = "any" as const;

  get json(): ValidatorJSON {
    return { type: "any" };
  }

  optional(): VAny<Type | undefined, "optional", FieldPaths> {
    return new VAny<Type | undefined, "optional", FieldPaths>({ isOptional: "optional" });
  }
}

/** What `v.object({ … })` makes. */
export class VObject<
  Type,
  Fields extends Record<string, GenericValidator>,
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = {
    [Property in keyof Fields]: JoinFieldPaths<Property & string, Fields[Property]["fieldPaths"]> | Property;
  }[keyof Fields] &
    string,
> extends BaseValidator<Type, IsOptional, FieldPaths> {
  /** The validator of each property. */
  readonly fields: Fields;
  readonly kind = "object" as const;

  constructor({ isOptional, fields }: { isOptional: IsOptional; fields: Fields }) {
    super({ isOptional });
    for (const [name, validator] of Object.entries(fields) as [string, GenericValidator | undefined][]) {
      if (validator === undefined) throw undefinedValidator("v.object()", name);
      if (!validator.isConvexValidator) throw new Error("v.object() takes validators made by v");
    }
    this.fields = fields;
  }

  get json(): ValidatorJSON {
    const value: Record<string, { fieldType: ValidatorJSON; optional: boolean }> = {};
    for (const [name, validator] of Object.entries(this.fields)) {
      setField(value, name, { fieldType: validator.json, optional: validator.isOptional === "optional" });
    }
    return { type: "object", value };
  }

  optional(): VObject<Type | undefined, Fields, "optional", FieldPaths> {
    return new VObject<Type | undefined, Fields, "optional", FieldPaths>({
      isOptional: "optional",
      fields: this.fields,
    });
  }

  /** The same object without the named fields. */
  omit<K extends keyof Fields & string>(
    ...fields: K[]
  ): VObject<Expand<Omit<Type, K>>, Expand<Omit<Fields, K>>, IsOptional> {
    const rest: Record<string, GenericValidator> = { ...this.fields };
    for (const name of fields) delete rest[name];
    return new VObject<any, any, IsOptional, any>({ isOptional: this.isOptional, fields: rest });
  }

  /** The same object with only the named fields. */
  pick<K extends keyof Fields & string>(
    ...fields: K[]
  ): VObject<Expand<Pick<Type, Extract<keyof Type, K>>>, Expand<Pick<Fields, K>>, IsOptional> {
    const picked: Record<string, GenericValidator> = {};
    for (const name of fields)
      setField<GenericValidator>(picked, name, this.fields[name] as GenericValidator);
    return new VObject<any, any, IsOptional, any>({ isOptional: this.isOptional, fields: picked });
  }

  /** The same object with every field optional. */
  partial(): VObject<
    { [K in keyof Type]?: Type[K] },
    { [K in keyof Fields]: VOptional<Fields[K]> },
    IsOptional
  > {
    const loose: Record<string, GenericValidator> = {};
    for (const [name, validator] of Object.entries(this.fields))
      setField<GenericValidator>(loose, name, validator.optional());
    return new VObject<any, any, IsOptional, any>({ isOptional: this.isOptional, fields: loose });
  }

  /** The same object with more fields; a field of the same name is replaced. */
  extend<NewFields extends Record<string, GenericValidator>>(
    fields: NewFields,
  ): VObject<Expand<Type & ObjectType<NewFields>>, Expand<Fields & NewFields>, IsOptional> {
    return new VObject<any, any, IsOptional, any>({
      isOptional: this.isOptional,
      fields: { ...this.fields, ...fields },
    });
  }
}

/** What `v.literal(value)` makes. */
export class VLiteral<Type, IsOptional extends OptionalProperty = "required"> extends BaseValidator<
  Type,
  IsOptional
> {
  /** The one value that is accepted. */
  readonly value: Type;
  readonly kind = "literal" as const;

  constructor({ isOptional, value }: { isOptional: IsOptional; value: Type }) {
    super({ isOptional });
    if (
      typeof value !== "string" &&
      typeof value !== "boolean" &&
      typeof value !== "number" &&
      typeof value !== "bigint"
    ) {
      throw new Error("v.literal() takes a string, a number, a bigint or a boolean");
    }
    this.value = value;
  }

  get json(): ValidatorJSON {
    return { type: "literal", value: convexToJson(this.value as ConvexValue) };
  }

  optional(): VLiteral<Type | undefined, "optional"> {
    return new VLiteral<Type | undefined, "optional">({ isOptional: "optional", value: this.value });
  }
}

/** What `v.array(element)` makes. */
export class VArray<
  Type,
  Element extends Validator<any, "required", any>,
  IsOptional extends OptionalProperty = "required",
> extends BaseValidator<Type, IsOptional> {
  /** The validator of the elements. */
  readonly element: Element;
  readonly kind = "array" as const;

  constructor({ isOptional, element }: { isOptional: IsOptional; element: Element }) {
    super({ isOptional });
    if (element === undefined) throw undefinedValidator("v.array()");
    this.element = element;
  }

  get json(): ValidatorJSON {
    return { type: "array", value: this.element.json };
  }

  optional(): VArray<Type | undefined, Element, "optional"> {
    return new VArray<Type | undefined, Element, "optional">({
      isOptional: "optional",
      element: this.element,
    });
  }
}

/** What `v.record(keys, values)` makes. */
export class VRecord<
  Type,
  Key extends Validator<string, "required", any>,
  Value extends Validator<any, "required", any>,
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = string,
> extends BaseValidator<Type, IsOptional, FieldPaths> {
  /** The validator of the keys. */
  readonly key: Key;
  /** The validator of the values. */
  readonly value: Value;
  readonly kind = "record" as const;

  constructor({ isOptional, key, value }: { isOptional: IsOptional; key: Key; value: Value }) {
    super({ isOptional });
    if (key === undefined) throw undefinedValidator("v.record()", "key");
    if (value === undefined) throw undefinedValidator("v.record()", "value");
    if ((key as GenericValidator).isOptional === "optional") {
      throw new Error("The keys of v.record() cannot be optional");
    }
    if ((value as GenericValidator).isOptional === "optional") {
      throw new Error("The values of v.record() cannot be optional");
    }
    if (!key.isConvexValidator || !value.isConvexValidator) {
      throw new Error("v.record() takes validators made by v");
    }
    this.key = key;
    this.value = value;
  }

  get json(): ValidatorJSON {
    return {
      type: "record",
      keys: this.key.json as RecordKeyValidatorJSON,
      values: { fieldType: this.value.json, optional: false },
    };
  }

  optional(): VRecord<Type | undefined, Key, Value, "optional", FieldPaths> {
    return new VRecord<Type | undefined, Key, Value, "optional", FieldPaths>({
      isOptional: "optional",
      key: this.key,
      value: this.value,
    });
  }
}

/** What `v.union(...members)` makes. */
export class VUnion<
  Type,
  T extends Validator<any, "required", any>[],
  IsOptional extends OptionalProperty = "required",
  FieldPaths extends string = T[number]["fieldPaths"],
> extends BaseValidator<Type, IsOptional, FieldPaths> {
  /** The validators of which one must accept the value. */
  readonly members: T;
  readonly kind = "union" as const;

  constructor({ isOptional, members }: { isOptional: IsOptional; members: T }) {
    super({ isOptional });
    for (const [index, member] of (members as (GenericValidator | undefined)[]).entries()) {
      if (member === undefined) throw undefinedValidator("v.union()", `member at index ${index}`);
      if (!member.isConvexValidator) throw new Error("v.union() takes validators made by v");
    }
    this.members = members;
  }

  get json(): ValidatorJSON {
    return { type: "union", value: this.members.map((member) => member.json) };
  }

  optional(): VUnion<Type | undefined, T, "optional", FieldPaths> {
    return new VUnion<Type | undefined, T, "optional", FieldPaths>({
      isOptional: "optional",
      members: this.members,
    });
  }
}

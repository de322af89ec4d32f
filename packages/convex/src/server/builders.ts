// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
// biome-ignore-all lint/suspicious/noConfusingVoidType: `void` is what an absent validator is inferred as.
import type { GenericValidator, Infer, ObjectType, PropertyValidators, Validator } from "@tandem/values";
import type {
  GenericActionCtx,
  GenericMutationCtx,
  GenericMutationCtxWithTable,
  GenericQueryCtx,
  GenericQueryCtxWithTable,
} from "./contexts.ts";
import type { GenericDataModel } from "./data_model.ts";
import type { ValidatorTypeToReturnType } from "./function_reference.ts";
import type {
  ArgsArray,
  ArgsArrayToObject,
  FunctionVisibility,
  OneArgArray,
  PublicHttpAction,
  RegisteredAction,
  RegisteredMutation,
  RegisteredQuery,
} from "./registered_function.ts";

/** A handler without validators, alone or in an object. */
export type UnvalidatedFunction<Ctx, Args extends ArgsArray, Returns> =
  | ((ctx: Ctx, ...args: Args) => Returns)
  | { handler: (ctx: Ctx, ...args: Args) => Returns };

/** A handler with a validator for its arguments. */
export interface ValidatedFunction<Ctx, ArgsValidator extends PropertyValidators, Returns> {
  args: ArgsValidator;
  handler: (ctx: Ctx, args: ObjectType<ArgsValidator>) => Returns;
}

/** What a handler may return, given its `returns` validator if it has one. */
export type ReturnValueForOptionalValidator<
  ReturnsValidator extends Validator<any, any, any> | PropertyValidators | void,
> = [ReturnsValidator] extends [Validator<any, any, any>]
  ? ValidatorTypeToReturnType<Infer<ReturnsValidator>>
  : [ReturnsValidator] extends [PropertyValidators]
    ? ValidatorTypeToReturnType<ObjectType<ReturnsValidator>>
    : any;

/** What parameters a handler may have, given its `args` validator if it has one. */
export type ArgsArrayForOptionalValidator<
  ArgsValidator extends GenericValidator | PropertyValidators | void,
> = [ArgsValidator] extends [Validator<any, any, any>]
  ? OneArgArray<Infer<ArgsValidator>>
  : [ArgsValidator] extends [PropertyValidators]
    ? OneArgArray<ObjectType<ArgsValidator>>
    : ArgsArray;

/** What parameters a handler has when it does not say. */
export type DefaultArgsForOptionalValidator<
  ArgsValidator extends GenericValidator | PropertyValidators | void,
> = [ArgsValidator] extends [Validator<any, any, any>]
  ? [Infer<ArgsValidator>]
  : [ArgsValidator] extends [PropertyValidators]
    ? [ObjectType<ArgsValidator>]
    : OneArgArray;

/** What a builder takes: a handler, or an object of validators and a handler. */
type Definition<Ctx, ArgsValidator, ReturnsValidator, Args extends ArgsArray, ReturnValue> =
  | {
      /**
       * What arguments are accepted: a validator, or one for each argument. Without it anything is.
       *
       * ```ts
       * args: { channel: v.id("channels"), body: v.string() }
       * ```
       */
      args?: ArgsValidator;
      /** What results are let out: a validator, or one for each field. */
      returns?: ReturnsValidator;
      /** The function itself. */
      handler: (ctx: Ctx, ...args: Args) => ReturnValue;
    }
  | ((ctx: Ctx, ...args: Args) => ReturnValue);

type QueryBuilderOver<Ctx, Visibility extends FunctionVisibility> = <
  ArgsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnValue extends ReturnValueForOptionalValidator<ReturnsValidator> = any,
  OneOrZeroArgs extends
    ArgsArrayForOptionalValidator<ArgsValidator> = DefaultArgsForOptionalValidator<ArgsValidator>,
>(
  query: Definition<Ctx, ArgsValidator, ReturnsValidator, OneOrZeroArgs, ReturnValue>,
) => RegisteredQuery<Visibility, ArgsArrayToObject<OneOrZeroArgs>, ReturnValue>;

type MutationBuilderOver<Ctx, Visibility extends FunctionVisibility> = <
  ArgsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnValue extends ReturnValueForOptionalValidator<ReturnsValidator> = any,
  OneOrZeroArgs extends
    ArgsArrayForOptionalValidator<ArgsValidator> = DefaultArgsForOptionalValidator<ArgsValidator>,
>(
  mutation: Definition<Ctx, ArgsValidator, ReturnsValidator, OneOrZeroArgs, ReturnValue>,
) => RegisteredMutation<Visibility, ArgsArrayToObject<OneOrZeroArgs>, ReturnValue>;

type ActionBuilderOver<Ctx, Visibility extends FunctionVisibility> = <
  ArgsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnsValidator extends PropertyValidators | Validator<any, "required", any> | void,
  ReturnValue extends ReturnValueForOptionalValidator<ReturnsValidator> = any,
  OneOrZeroArgs extends
    ArgsArrayForOptionalValidator<ArgsValidator> = DefaultArgsForOptionalValidator<ArgsValidator>,
>(
  func: Definition<Ctx, ArgsValidator, ReturnsValidator, OneOrZeroArgs, ReturnValue>,
) => RegisteredAction<Visibility, ArgsArrayToObject<OneOrZeroArgs>, ReturnValue>;

/** Makes queries over a data model. The generated `query` and `internalQuery` have this type. */
export type QueryBuilder<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = QueryBuilderOver<GenericQueryCtx<DataModel>, Visibility>;

/** As {@link QueryBuilder}, with the database a table at a time. */
export type QueryBuilderWithTable<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = QueryBuilderOver<GenericQueryCtxWithTable<DataModel>, Visibility>;

/** Makes mutations over a data model. The generated `mutation` and `internalMutation` have this type. */
export type MutationBuilder<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = MutationBuilderOver<GenericMutationCtx<DataModel>, Visibility>;

/** As {@link MutationBuilder}, with the database a table at a time. */
export type MutationBuilderWithTable<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = MutationBuilderOver<GenericMutationCtxWithTable<DataModel>, Visibility>;

/** Makes actions. The generated `action` and `internalAction` have this type. */
export type ActionBuilder<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = ActionBuilderOver<GenericActionCtx<DataModel>, Visibility>;

/** Makes HTTP actions. The generated `httpAction` has this type. */
export type HttpActionBuilder = (
  func: (ctx: GenericActionCtx<any>, request: Request) => Promise<Response>,
) => PublicHttpAction;

// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import type { DefaultFunctionArgs, EmptyObject, FunctionVisibility } from "./registered_function.ts";

/** What a function is: its rights and its guarantees follow from it. */
export type FunctionType = "query" | "mutation" | "action";

/**
 * Names a function of the backend together with its types, without holding any of its code.
 * `api.messages.list` is one. Only types exist: at run time a reference is an object that knows its name.
 */
export type FunctionReference<
  Type extends FunctionType,
  Visibility extends FunctionVisibility = "public",
  Args extends DefaultFunctionArgs = any,
  ReturnType = any,
  ComponentPath = string | undefined,
> = {
  _type: Type;
  _visibility: Visibility;
  _args: Args;
  _returnType: ReturnType;
  _componentPath: ComponentPath;
  _fn?(args: Args, keys: ArgumentNames<Args>): ReturnType;
};

type IsAny<T> = 0 extends 1 & T ? true : false;

type KeysUnlessAny<Args> = IsAny<Args> extends true ? any : keyof Args;

type ArgumentNames<Args> =
  IsAny<Args> extends true
    ? any
    : ((names: (name: KeysUnlessAny<Args>) => void) => void) | ((names: never, unchecked?: unknown) => void);

type StrictArgumentNames<Args> =
  IsAny<Args> extends true ? any : (names: (name: KeysUnlessAny<Args>) => void, guard?: never) => void;

/**
 * A reference whose arguments are compared as a caller would pass them: a function fits when it accepts every
 * argument that `Args` may hold and names none that `Args` lacks.
 */
export type FunctionReference_future<
  Type extends FunctionType,
  Visibility extends FunctionVisibility = "public",
  Args extends DefaultFunctionArgs = any,
  ReturnType = any,
  ComponentPath = string | undefined,
> = {
  _type: Type;
  _visibility: Visibility;
  _componentPath: ComponentPath;
  _fn?: ((args: Args, keys: StrictArgumentNames<Args>) => ReturnType) | undefined;
};

/** A reference to any function at all. */
export type AnyFunctionReference = FunctionReference<any, any>;

type EitherReference = FunctionReference<any, any> | FunctionReference_future<any, any>;

type Signature<FuncRef> = FuncRef extends { _args: infer Args; _returnType: infer Return }
  ? { args: Args; returnType: Return }
  : FuncRef extends { _fn?: ((args: infer Args, keys: never) => infer Return) | undefined }
    ? { args: Args; returnType: Return }
    : { args: any; returnType: any };

/** The arguments of the function that is referred to. */
export type FunctionArgs<FuncRef extends EitherReference> = Signature<FuncRef>["args"];

/** The result of the function that is referred to, awaited, with `void` shown as `null`. */
export type FunctionReturnType<FuncRef extends EitherReference> = Signature<FuncRef>["returnType"];

/** The rest parameters that pass a function's arguments: they may be left out when there are none. */
export type OptionalRestArgs<FuncRef extends EitherReference> =
  FunctionArgs<FuncRef> extends EmptyObject ? [args?: EmptyObject] : [args: FunctionArgs<FuncRef>];

/** Like {@link OptionalRestArgs}, with options behind the arguments. */
export type ArgsAndOptions<FuncRef extends EitherReference, Options> =
  FunctionArgs<FuncRef> extends EmptyObject
    ? [args?: EmptyObject, options?: Options]
    : [args: FunctionArgs<FuncRef>, options?: Options];

type VoidToNull<T> = T extends void ? null : T;

/** What a caller receives when a handler returns `T`: promises are awaited and nothing becomes `null`. */
export type ConvertReturnType<T> = VoidToNull<Awaited<T>>;

// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing satisfies `returns: v.null()`.
type NullOrNothing<T> = T extends null ? T | undefined | void : T;

/** What a handler may return when its `returns` validator has type `T`. */
export type ValidatorTypeToReturnType<T> = Promise<NullOrNothing<T>> | NullOrNothing<T>;

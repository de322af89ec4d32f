// biome-ignore-all lint/correctness/noUnusedVariables: the parameters are read off again by name, when an API's type is made.

/** Arguments of a function whose arguments are not known. */
export type DefaultFunctionArgs = Record<string, unknown>;

/** An object without fields. */
export type EmptyObject = Record<string, never>;

/** Whether clients may call a function, or only other functions of the backend. */
export type FunctionVisibility = "public" | "internal";

/** A handler's parameters behind the context, when it has one. */
export type OneArgArray<ArgsObject extends DefaultFunctionArgs = DefaultFunctionArgs> = [ArgsObject];

/** A handler's parameters behind the context: one object or none. */
export type ArgsArray = OneArgArray | [];

/** The arguments object that a handler's parameters stand for. */
export type ArgsArrayToObject<Args extends ArgsArray> =
  Args extends OneArgArray<infer ArgsObject> ? ArgsObject : EmptyObject;

type VisibilityMarker<Visibility extends FunctionVisibility> = {
  _visibility: Visibility;
} & (Visibility extends "public" ? { isPublic: true } : { isInternal: true });

/** A query, as a module exports it. */
export type RegisteredQuery<
  Visibility extends FunctionVisibility,
  Args extends DefaultFunctionArgs,
  Returns,
> = { isConvexFunction: true; isQuery: true } & VisibilityMarker<Visibility>;

/** A mutation, as a module exports it. */
export type RegisteredMutation<
  Visibility extends FunctionVisibility,
  Args extends DefaultFunctionArgs,
  Returns,
> = { isConvexFunction: true; isMutation: true } & VisibilityMarker<Visibility>;

/** An action, as a module exports it. */
export type RegisteredAction<
  Visibility extends FunctionVisibility,
  Args extends DefaultFunctionArgs,
  Returns,
> = { isConvexFunction: true; isAction: true } & VisibilityMarker<Visibility>;

/** An HTTP action, as it is given to a router. */
export type PublicHttpAction = { isHttp: true };

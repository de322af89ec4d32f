// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import type { AnyFunctionReference, ConvertReturnType, FunctionReference } from "./function_reference.ts";
import type { RegisteredAction, RegisteredMutation, RegisteredQuery } from "./registered_function.ts";
import type { Expand, UnionToIntersection } from "./type_shapes.ts";

/** The reference to what a module exports, `never` when that is no function of the backend. */
export type FunctionReferenceFromExport<Export> =
  Export extends RegisteredQuery<infer Visibility, infer Args, infer Return>
    ? FunctionReference<"query", Visibility, Args, ConvertReturnType<Return>>
    : Export extends RegisteredMutation<infer Visibility, infer Args, infer Return>
      ? FunctionReference<"mutation", Visibility, Args, ConvertReturnType<Return>>
      : Export extends RegisteredAction<infer Visibility, infer Args, infer Return>
        ? FunctionReference<"action", Visibility, Args, ConvertReturnType<Return>>
        : never;

type ReferencesOfModule<Module extends Record<string, any>> = {
  -readonly [Name in keyof Module as Module[Name]["isConvexFunction"] extends true
    ? Name
    : never]: FunctionReferenceFromExport<Module[Name]>;
};

/** Nests a module under each folder of its path: `"a/b"` becomes `{ a: { b: … } }`. */
type ModuleAtPath<Path extends string, Module extends object> = Path extends `${infer Folder}/${infer Rest}`
  ? { [_ in Folder]: ModuleAtPath<Rest, Module> }
  : { [_ in Path]: ReferencesOfModule<Module> };

type ExpandDeep<Tree> = Tree extends AnyFunctionReference
  ? Tree
  : { [Key in keyof Tree]: ExpandDeep<Tree[Key]> };

/** The whole API of an app, from `typeof` its modules; folders and modules without functions are left out. */
export type ApiFromModules<AllModules extends Record<string, object>> = FilterApi<
  ExpandDeep<
    UnionToIntersection<
      { [Path in keyof AllModules]: ModuleAtPath<Path & string, AllModules[Path]> }[keyof AllModules]
    >
  >,
  FunctionReference<any, any, any, any>
>;

type KeyIfKept<Key, Api, Predicate> = Api extends Predicate
  ? Key
  : Api extends FunctionReference<any, any, any, any>
    ? never
    : FilterApi<Api, Predicate> extends Record<string, never>
      ? never
      : Key;

/** The part of an API whose references are assignable to `Predicate`. */
export type FilterApi<API, Predicate> = Expand<{
  [Key in keyof API as KeyIfKept<Key, API[Key], Predicate>]: API[Key] extends Predicate
    ? API[Key]
    : FilterApi<API[Key], Predicate>;
}>;

type AnyFolderOrFunction = { [key: string]: AnyFolderOrFunction } & AnyFunctionReference;

/** The API of an app of which nothing is known. */
export type AnyApi = Record<string, Record<string, AnyFolderOrFunction>>;

/** Some part of an API: any folder, module or function may be missing. */
export type PartialApi<API> = {
  [Key in keyof API]?: API[Key] extends FunctionReference<any, any, any, any>
    ? API[Key]
    : PartialApi<API[Key]>;
};

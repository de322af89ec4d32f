// What a browser needs of this folder at run time. It imports types only, so nothing else comes along.
import type { AnyApi, FilterApi } from "./api_types.ts";
import type { FunctionReference, FunctionReference_future, FunctionType } from "./function_reference.ts";
import type { DefaultFunctionArgs } from "./registered_function.ts";

/** Where a reference keeps its function's name (R §1.4). Registered, so that copies of this package agree. */
export const functionName = Symbol.for("functionName");

/** Where a reference into a component keeps its path (R §1.4). */
export const toReferencePath = Symbol.for("toReferencePath");

// biome-ignore lint/suspicious/noExplicitAny: any function at all may be named.
type EitherReference = FunctionReference<any, any> | FunctionReference_future<any, any>;

/** How the host is told which function is meant: exactly one of the three is there (R §1.4). */
export type FunctionAddress =
  | { functionHandle: string; name?: never; reference?: never }
  | { name: string; functionHandle?: never; reference?: never }
  | { reference: string; functionHandle?: never; name?: never };

/** What a value says of itself under a symbol; nothing for values that cannot have properties. */
function readMark(value: unknown, mark: symbol): string | undefined {
  if (value === null || value === undefined) return undefined;
  const found = (value as Record<symbol, unknown>)[mark];
  return typeof found === "string" && found !== "" ? found : undefined;
}

/**
 * The address of a function: its name in this component, a handle, or a path into a component (R §1.4).
 *
 * @throws Error when the value is no reference, name or handle.
 */
export function getFunctionAddress(functionReference: unknown): FunctionAddress {
  if (typeof functionReference === "string") {
    return functionReference.startsWith("function://")
      ? { functionHandle: functionReference }
      : { name: functionReference };
  }
  const name = readMark(functionReference, functionName);
  if (name !== undefined) return { name };
  const reference = readMark(functionReference, toReferencePath);
  if (reference !== undefined) return { reference };
  throw new Error(
    `This ${functionReference === null ? "null" : typeof functionReference} is not a reference to a function. Pass one like \`api.messages.list\`.`,
  );
}

/**
 * The name of a function as `folder/module:export`; a default export is named by its module alone (P §2.1).
 *
 * @throws Error for function handles and references into components: those have no name here.
 */
export function getFunctionName(functionReference: EitherReference): string {
  const { name, functionHandle, reference } = getFunctionAddress(functionReference);
  if (name !== undefined) return name;
  const found =
    functionHandle !== undefined
      ? `the function handle ${functionHandle}`
      : `the component path ${reference}`;
  throw new Error(
    `Only a function of this app has a name here, like \`api.messages.list\`, but this is ${found}.`,
  );
}

/**
 * A reference to the function with a name, for code without a generated `api`.
 *
 * ```ts
 * const list = makeFunctionReference<"query", { channel: string }, Message[]>("messages:list");
 * ```
 */
export function makeFunctionReference<
  type extends FunctionType,
  // biome-ignore lint/suspicious/noExplicitAny: callers that name no types get an unchecked reference.
  args extends DefaultFunctionArgs = any,
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  ret = any,
>(name: string): FunctionReference<type, "public", args, ret> {
  return { [functionName]: name } as unknown as FunctionReference<type, "public", args, ret>;
}

/** Proxy handler for one node of `api`: each property leads one step deeper, the name is made on demand. */
class ApiNode {
  private readonly path: readonly string[];

  constructor(path: readonly string[]) {
    this.path = path;
  }

  get(_target: object, property: string | symbol): unknown {
    if (typeof property === "string") return new Proxy({}, new ApiNode([...this.path, property]));
    if (property === functionName) return this.functionName();
    return property === Symbol.toStringTag ? "FunctionReference" : undefined;
  }

  private functionName(): string {
    if (this.path.length < 2) {
      throw new Error(
        `\`${["api", ...this.path].join(".")}\` is not a function: a path names a module and then an export, like \`api.messages.list\`.`,
      );
    }
    const module = this.path.slice(0, -1).join("/");
    const exported = this.path[this.path.length - 1];
    return exported === "default" ? module : `${module}:${exported}`;
  }
}

/**
 * An API of which nothing is known at compile time: every path through it is a function reference.
 * The generated `api` and `internal` are this object with types.
 */
export const anyApi: AnyApi = /* @__PURE__ */ new Proxy(
  {},
  /* @__PURE__ */ new ApiNode([]),
) as unknown as AnyApi;

/** Narrows the type of an API to the references that are assignable to `Predicate`. At run time it does nothing. */
export function filterApi<API, Predicate>(api: API): FilterApi<API, Predicate> {
  return api as unknown as FilterApi<API, Predicate>;
}

// biome-ignore-all lint/suspicious/noExplicitAny: `any` is how these public generics say "not constrained"; apps rely on it.
import { asyncSyscall } from "../abi/syscall.ts";
import { abiVersion } from "../abi/version.ts";
import { getFunctionAddress } from "../api.ts";
import type { FunctionReference, FunctionReference_future, FunctionType } from "../function_reference.ts";
import type { DefaultFunctionArgs } from "../registered_function.ts";

/** A function as a string that can be stored, and passed to other components: it stays valid while the function exists. */
export type FunctionHandle<
  Type extends FunctionType,
  Args extends DefaultFunctionArgs = any,
  ReturnType = any,
> = string & FunctionReference<Type, "internal", Args, ReturnType>;

/** As {@link FunctionHandle}, with arguments compared as a caller would pass them. */
export type FunctionHandle_future<
  Type extends FunctionType,
  Args extends DefaultFunctionArgs = any,
  ReturnType = any,
> = string & FunctionReference_future<Type, "internal", Args, ReturnType>;

/** Makes a handle of a function (R §1.4). */
export async function createFunctionHandle<
  Type extends FunctionType,
  Args extends DefaultFunctionArgs,
  ReturnType,
>(
  functionReference:
    | FunctionReference<Type, "public" | "internal", Args, ReturnType>
    | FunctionReference_future<Type, "public" | "internal", Args, ReturnType>,
): Promise<FunctionHandle<Type, Args, ReturnType>> {
  const address = getFunctionAddress(functionReference);
  const handle = await asyncSyscall("1.0/createFunctionHandle", { ...address, version: abiVersion });
  return handle as FunctionHandle<Type, Args, ReturnType>;
}

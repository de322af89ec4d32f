import type { GenericId } from "@tandem/values";
import type { FunctionReference, FunctionReference_future, OptionalRestArgs } from "./function_reference.ts";

/** A function that may be run later: any mutation or action. */
export type SchedulableFunctionReference = FunctionReference<"mutation" | "action", "public" | "internal">;

/** As {@link SchedulableFunctionReference}, in either kind of reference. */
export type AnySchedulable =
  | SchedulableFunctionReference
  | FunctionReference_future<"mutation" | "action", "public" | "internal">;

/** `ctx.scheduler`: runs functions later. From a mutation, only if the mutation commits (R §3.6). */
export interface Scheduler {
  /** Runs a function after a delay in milliseconds, 0 or more. */
  runAfter<FuncRef extends AnySchedulable>(
    delayMs: number,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): Promise<GenericId<"_scheduled_functions">>;
  /** Runs a function at a time: a `Date`, or milliseconds since 1970. */
  runAt<FuncRef extends AnySchedulable>(
    timestamp: number | Date,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): Promise<GenericId<"_scheduled_functions">>;
  /** Cancels what is scheduled; what runs already goes on, but schedules nothing more. */
  cancel(id: GenericId<"_scheduled_functions">): Promise<void>;
}

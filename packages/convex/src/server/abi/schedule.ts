import { convexToJson } from "@tandem/values";
import { getFunctionAddress } from "../api.ts";
import { callArguments } from "./call_arguments.ts";
import { requireArgument } from "./check_argument.ts";
import { asyncSyscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

/** What is sent; `ts` is in seconds since 1970 (R §1.5). */
function job(ts: number, reference: unknown, args: unknown) {
  return { ...getFunctionAddress(reference), ts, args: callArguments(args), version: abiVersion };
}

function jobAfter(delayMs: unknown, reference: unknown, args: unknown) {
  if (typeof delayMs !== "number" || !Number.isFinite(delayMs) || delayMs < 0) {
    throw new Error(`\`runAfter\` needs a delay in milliseconds, 0 or more, but got ${String(delayMs)}.`);
  }
  return job((Date.now() + delayMs) / 1000, reference, args);
}

function jobAt(time: unknown, reference: unknown, args: unknown) {
  // Not `instanceof`: a date of another realm is one too.
  const isDate = Object.prototype.toString.call(time) === "[object Date]";
  const ms = isDate ? (time as Date).valueOf() : time;
  if (typeof ms !== "number") {
    throw new Error(
      `\`runAt\` needs a Date or a number of milliseconds since 1970, but got ${String(time)}.`,
    );
  }
  return job(ms / 1000, reference, args);
}

async function runAfter(delayMs: unknown, reference: unknown, args?: unknown): Promise<unknown> {
  return asyncSyscall("1.0/schedule", jobAfter(delayMs, reference, args));
}

async function runAt(time: unknown, reference: unknown, args?: unknown): Promise<unknown> {
  return asyncSyscall("1.0/schedule", jobAt(time, reference, args));
}

async function cancel(id: string): Promise<void> {
  requireArgument(id, 1, "cancel", "id");
  await asyncSyscall("1.0/cancel_job", { id: convexToJson(id) });
}

/** `ctx.scheduler` of mutations. */
export const mutationScheduler = () => ({ runAfter, runAt, cancel });

/** `ctx.scheduler` of actions and HTTP actions: what is scheduled stays so, whatever becomes of the action. */
export const actionScheduler = (requestId: string) => ({
  async runAfter(delayMs: unknown, reference: unknown, args?: unknown): Promise<unknown> {
    return asyncSyscall("1.0/actions/schedule", { requestId, ...jobAfter(delayMs, reference, args) });
  },
  async runAt(time: unknown, reference: unknown, args?: unknown): Promise<unknown> {
    return asyncSyscall("1.0/actions/schedule", { requestId, ...jobAt(time, reference, args) });
  },
  async cancel(id: string): Promise<unknown> {
    requireArgument(id, 1, "cancel", "id");
    return asyncSyscall("1.0/actions/cancel_job", { requestId, id: convexToJson(id) });
  },
});

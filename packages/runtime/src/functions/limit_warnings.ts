import { type LimitName, nearLimits, type Transaction } from "@tandem/engine";
import { systemLogLine } from "../isolate/console/index.ts";
import type { FunctionResult, LogLine } from "../lanes/lane.ts";
import { roughSize, VALUE_LIMIT } from "./size_limits.ts";

/** From this share of a limit on a call is warned (R §2.3). */
const NEAR = 0.8;

const CODES: Readonly<Record<LimitName, string>> = {
  documentsRead: "TooManyDocumentsRead",
  bytesRead: "TooManyBytesRead",
  databaseQueries: "TooManyReads",
  documentsWritten: "TooManyWrites",
  bytesWritten: "TooManyBytesWritten",
};

/** What a call has used, besides what its transaction knows. Times in milliseconds. */
export interface CallUsage {
  readonly args: string;
  readonly result: FunctionResult;
  readonly userTime: number;
  readonly userTimeLimit: number;
}

/** Warnings about the limits that a call has come near to, for its log; `now` in ms since the epoch. */
export function limitWarnings(tx: Transaction, usage: CallUsage, now: () => number): readonly LogLine[] {
  const lines: LogLine[] = [];
  const warn = (code: string, text: string) =>
    lines.push(
      systemLogLine("WARN", `${text}. Past the limit the function fails.`, now(), `warning:${code}`),
    );
  for (const { name, what, used, limit } of nearLimits(tx.usage.used, tx.usage.limits, NEAR)) {
    warn(CODES[name], `Many ${what} in a single function execution (actual: ${used}, limit: ${limit})`);
  }
  const { args, result, userTime, userTimeLimit } = usage;
  if (userTime > userTimeLimit * NEAR && result.kind === "value") {
    const seconds = (milliseconds: number) => Math.round(milliseconds) / 1000;
    warn(
      "UserTimeout",
      `Function execution took a long time (actual: ${seconds(userTime)}s, limit: ${seconds(userTimeLimit)}s)`,
    );
  }
  const sizes = [
    ["TooLargeFunctionArguments", "Large size of the function arguments", args],
    ["TooLargeFunctionResult", "Large size of the function return value", textOf(result)],
  ] as const;
  for (const [code, text, json] of sizes) {
    const size = roughSize(json);
    if (size > VALUE_LIMIT * NEAR && size <= VALUE_LIMIT)
      warn(code, `${text} (actual: ${size} bytes, limit: ${VALUE_LIMIT} bytes)`);
  }
  return lines;
}

function textOf(result: FunctionResult): string {
  return result.kind === "value" ? result.value : "";
}

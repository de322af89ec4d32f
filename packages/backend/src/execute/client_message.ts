import type { FunctionResult } from "@tandem/runtime";
import type { ClientResult } from "./outcome.ts";

/** A function's result as clients get it: errors in their envelope, without detail when redacted (P §6.1). */
export function toClientResult(result: FunctionResult, requestId: string, redact: boolean): ClientResult {
  if (result.kind === "value") {
    return result;
  }
  const head = `[Request ID: ${requestId}] Server Error`;
  const end = result.message.endsWith("\n") ? "" : "\n";
  return {
    kind: "error",
    message: result.message,
    clientMessage: redact ? head : `${head}\n${result.message}${end}`,
    ...(result.data === undefined ? {} : { data: result.data }),
  };
}

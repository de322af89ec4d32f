import { EngineClosedError, StoreFailedError } from "../errors.ts";
import { StoreError } from "../persistence/store_error.ts";
import type { SentError } from "./messages.ts";

/** What of an error is sent to another thread. */
export function toSent(error: unknown): SentError {
  if (error instanceof StoreError) return { name: "StoreError", code: error.code, message: error.message };
  if (error instanceof StoreFailedError || error instanceof EngineClosedError) {
    return { name: error.name, message: error.message };
  }
  return { name: "Error", message: error instanceof Error ? error.message : String(error) };
}

/** The error again, of its own class. */
export function fromSent(sent: SentError): Error {
  switch (sent.name) {
    case "StoreError":
      return new StoreError(sent.code, sent.message);
    case "StoreFailedError":
      return new StoreFailedError(sent.message);
    case "EngineClosedError":
      return new EngineClosedError(sent.message);
    case "Error":
      return new Error(sent.message);
    default:
      return sent satisfies never;
  }
}

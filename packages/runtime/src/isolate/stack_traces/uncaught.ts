import type { FunctionResult } from "../../lanes/lane.ts";
import type { ErrorDescription, Frame } from "./frame.ts";
import { formatFrames, type SourceMaps } from "./source_maps.ts";

/** Bytes of UTF-8 (P §6.1). */
const maximumMessageBytes = 65_536;

/** The text of an error that left its function: `Uncaught Error: boom\n    at handler (../convex/m.ts:3:10)\n`. */
export function uncaughtText(description: ErrorDescription, maps: SourceMaps): string {
  const message = description.head === "" ? "Uncaught" : `Uncaught ${description.head}`;
  return `${cut(message)}\n${formatFrames(description.frames, maps)}`;
}

/** The function's result from what the realm's `describeError` said. */
export function uncaughtResult(
  descriptionJson: string,
  maps: SourceMaps,
): Extract<FunctionResult, { kind: "error" }> {
  const description = JSON.parse(descriptionJson) as ErrorDescription;
  const message = uncaughtText(description, maps);
  return description.data === undefined
    ? { kind: "error", message }
    : { kind: "error", message, data: description.data };
}

/** The host's answer to the operation `map_stack`. */
export function mapStack(payload: string, maps: SourceMaps): string {
  return formatFrames(JSON.parse(payload) as Frame[], maps);
}

function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= maximumMessageBytes) return message;
  let end = maximumMessageBytes;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

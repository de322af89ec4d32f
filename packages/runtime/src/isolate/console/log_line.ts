import type { LogLine } from "../../lanes/lane.ts";

/** What the realm sends as the operation `log`. */
interface WrittenLine {
  readonly level: LogLine["level"];
  readonly messages: readonly string[];
  readonly isTruncated: boolean;
}

/** A line as the realm sent it, with the host's time (ms since the epoch). */
export function readLogLine(payload: string, timestamp: number): LogLine {
  const { level, messages, isTruncated } = JSON.parse(payload) as WrittenLine;
  return { level, messages, isTruncated, timestamp };
}

/** A line of the host itself, e.g. a warning that a limit is near. `code` as in R §2.3. */
export function systemLogLine(
  level: LogLine["level"],
  message: string,
  timestamp: number,
  code?: string,
): LogLine {
  const line = { level, messages: [message], isTruncated: false, timestamp };
  return code === undefined ? line : { ...line, systemMetadata: { code } };
}

/** The unstructured form: `[LOG] 'hello' 42` (R §2.3). */
export function formatLogLine(line: LogLine): string {
  const tail = line.isTruncated ? " (truncated due to length)" : "";
  return `[${line.level}] ${line.messages.join(" ")}${tail}`;
}

/** The structured form that the log stream carries (R §2.3). */
export function structuredLogLine(line: LogLine): Record<string, unknown> {
  const { messages, isTruncated, timestamp, level, systemMetadata, udfPath } = line;
  return {
    messages: [...messages],
    isTruncated,
    timestamp,
    level,
    ...(systemMetadata === undefined ? {} : { systemMetadata: { code: systemMetadata.code } }),
    ...(udfPath === undefined ? {} : { udfPath }),
  };
}

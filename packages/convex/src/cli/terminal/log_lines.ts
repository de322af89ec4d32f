import type { LogEntry, LogLevel, StructuredLogLine } from "@tandem/protocol";
import type { Tone } from "./terminal.ts";

/** How entries are shown. */
export interface LogStyle {
  /** Whether each successful call gets a line. */
  readonly success: boolean;
  readonly paint: (text: string, tone: Tone) => string;
  /** Time of day for a time in milliseconds since 1970; the locale's by default. */
  readonly clock?: (ms: number) => string;
}

/** The lines of text for a log entry: what it logged, and how it ended if that is worth telling. */
export function formatLogEntry(entry: LogEntry, style: LogStyle): string[] {
  const clock = style.clock ?? ((ms) => new Date(ms).toLocaleTimeString());
  const identifier = visible(entry.identifier);
  const prefix = (ms: number): string =>
    style.paint(`${clock(ms)} [${entry.udfType.charAt(0)}(${identifier})]`, "good");
  const lines = entry.logLines.map(
    (line) =>
      `${prefix(typeof line === "string" ? entry.timestamp * 1000 : line.timestamp)} ${formatLine(line, style)}`,
  );
  if (entry.kind === "Progress") return lines;
  if (entry.error !== null) {
    lines.push(`${prefix(entry.timestamp * 1000)} ${style.paint(visible(entry.error), "bad")}`);
  } else if (style.success) {
    const ms = Math.ceil(entry.executionTime * 1000);
    lines.push(`${prefix(entry.timestamp * 1000)} ${style.paint(`done in ${ms} ms`, "good")}`);
  }
  return lines;
}

const tones: Record<LogLevel, Tone> = {
  WARN: "warning",
  ERROR: "bad",
  DEBUG: "faint",
  INFO: "faint",
  LOG: "faint",
};

function formatLine(line: string | StructuredLogLine, style: LogStyle): string {
  if (typeof line === "string") return visible(line);
  const level = style.paint(`[${line.level}]`, tones[line.level]);
  return `${level} ${visible(line.messages.join(" "))}${line.isTruncated ? " (truncated)" : ""}`;
}

/**
 * Shows control characters instead of obeying them: what functions log and throw may come from anybody, and a
 * terminal can be told to rewrite what it shows or to fill the clipboard.
 */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

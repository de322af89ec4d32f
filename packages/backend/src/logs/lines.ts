import { logLineToText } from "@tandem/protocol";
import type { LogLine } from "@tandem/runtime";

const NO_LINES: readonly string[] = [];

/** Log lines as clients print them: `[LOG] 'hello'` (P §2.9). */
export function formatLogLines(lines: readonly LogLine[]): readonly string[] {
  return lines.length === 0 ? NO_LINES : lines.map(logLineToText);
}

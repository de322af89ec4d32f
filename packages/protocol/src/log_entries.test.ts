import { expect, test } from "vitest";
import { logLineToText } from "./log_entries.ts";

test("a structured log line reads as one line of text", () => {
  const line = {
    messages: ["'hello'", "{ a: 1 }"],
    isTruncated: false,
    timestamp: 0,
    level: "WARN",
  } as const;
  expect(logLineToText({ ...line, messages: [...line.messages] })).toBe("[WARN] 'hello' { a: 1 }");
  expect(logLineToText({ ...line, messages: ["x"], isTruncated: true })).toBe(
    "[WARN] x (truncated due to length)",
  );
});

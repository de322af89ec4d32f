import type { CompletionLogEntry } from "@tandem/protocol";
import { describe, expect, test } from "vitest";
import { formatLogEntry } from "./log_lines.ts";
import { createTerminal } from "./terminal.ts";
import { formatTable, formatValue } from "./value_text.ts";

function recording(isTTY: boolean, environment: Record<string, string> = {}) {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return {
    terminal: createTerminal({ stdout: output("stdout"), stderr: output("stderr"), environment }),
    written,
  };
}

describe("the terminal", () => {
  test("keeps results and messages apart", () => {
    const { terminal, written } = recording(false);
    terminal.result("42");
    terminal.done("Ready");
    terminal.detail("not without --verbose");
    expect(written).toEqual({ stdout: "42\n", stderr: "✔ Ready\n" });
  });

  test("hides a secret in everything it writes", () => {
    const { terminal, written } = recording(false);
    terminal.hide("self|0123");
    terminal.result("key self|0123");
    terminal.fail("bad key: self|0123, self|0123");
    terminal.progress("using self|0123").end("used self|0123");
    expect(written.stdout + written.stderr).not.toContain("0123");
    expect(written.stdout).toBe("key [admin key]\n");
  });

  test("uses colours on a TTY only, and not with NO_COLOR", () => {
    const colours = (isTTY: boolean, environment = {}) => {
      const { terminal, written } = recording(isTTY, environment);
      terminal.warn("careful");
      return written.stderr.includes("\u001b[");
    };
    expect([colours(true), colours(false), colours(true, { NO_COLOR: "1" })]).toEqual([true, false, false]);
  });

  test("a step that is over at once leaves no trace", () => {
    for (const isTTY of [true, false]) {
      const { terminal, written } = recording(isTTY);
      const progress = terminal.progress("Working ...");
      progress.update("Still working ...");
      progress.end();
      expect(written.stderr).toBe("");
    }
  });
});

describe("log entries", () => {
  const entry = {
    kind: "Completion",
    udfType: "Mutation",
    identifier: "messages:send",
    timestamp: 10,
    executionTime: 0.0123,
    logLines: [{ messages: ["'a'", "1"], level: "WARN", timestamp: 9000, isTruncated: true }, "plain"],
    error: null,
  } as unknown as CompletionLogEntry;
  const style = { paint: (text: string) => text, clock: (ms: number) => `${ms}` };

  test("show what was logged, and success only when asked for", () => {
    const lines = ["9000 [M(messages:send)] [WARN] 'a' 1 (truncated)", "10000 [M(messages:send)] plain"];
    expect(formatLogEntry(entry, { ...style, success: false })).toEqual(lines);
    expect(formatLogEntry(entry, { ...style, success: true })).toEqual([
      ...lines,
      "10000 [M(messages:send)] done in 13 ms",
    ]);
  });

  test("show control characters, and leave the terminal alone", () => {
    const evil = { ...entry, logLines: ["\u001b]52;c;cm0gLXJm\u0007\ta\nb"], error: "\u009b2J" };
    expect(formatLogEntry(evil, { ...style, success: false })).toEqual([
      "10000 [M(messages:send)] \\x1b]52;c;cm0gLXJm\\x07\ta\nb",
      "10000 [M(messages:send)] \\x9b2J",
    ]);
  });

  test("always show an error", () => {
    const failed = { ...entry, logLines: [], error: "Uncaught Error: no" };
    expect(formatLogEntry(failed, { ...style, success: false })).toEqual([
      "10000 [M(messages:send)] Uncaught Error: no",
    ]);
  });
});

describe("documents as text", () => {
  test("every kind of value is told apart", () => {
    const value = { a: 1n, b: [1.5, null, true], c: new Uint8Array([1, 2]).buffer, d: 'x"y', e: {} };
    expect(formatValue(value)).toBe(
      '{ "a": 1n, "b": [1.5, null, true], "c": Bytes("AQI="), "d": "x\\"y", "e": {} }',
    );
  });

  test("a table is cut to the width of the terminal, and says so", () => {
    const { lines, cut } = formatTable([{ _id: "a".repeat(30), _creationTime: 1 }], 20);
    expect(cut).toBe(true);
    expect(lines.every((line) => line.length <= 20)).toBe(true);
    expect(formatTable([{ _id: "a", _creationTime: 1 }], 80).cut).toBe(false);
  });
});

/// <reference path="../web/libraries.d.ts" />
import inspect from "object-inspect";
import { stackLines } from "../stack_traces/capture.ts";
import { tellHost } from "../web/bridge.ts";
import { trueTime } from "../web/performance.ts";

type Level = "DEBUG" | "ERROR" | "WARN" | "INFO" | "LOG";

/** R §2.3. */
const maximumLines = 256;
const maximumLineBytes = 32_768;

let lines = 0;
let timers = new Map<string, number>();

/** A new call: its lines are counted from nothing. */
export function resetConsole(): void {
  lines = 0;
  if (timers.size > 0) timers = new Map();
}

const inspectOptions = { indent: 2, maxStringLength: maximumLineBytes, customInspect: true } as const;

// Quoted, indented, without printf: R §2.3.
function render(value: unknown): string {
  return inspect(value, inspectOptions);
}

function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** The longest beginning of a text that has at most so many bytes in UTF-8, cut between characters. */
function cutToBytes(text: string, limit: number): { text: string; bytes: number; cut: boolean } {
  if (text.length * 3 <= limit) {
    let bytes = 0;
    for (const character of text) bytes += utf8Length(character.codePointAt(0)!);
    return { text, bytes, cut: false };
  }
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    const length = utf8Length(character.codePointAt(0)!);
    if (bytes + length > limit) return { text: text.slice(0, end), bytes, cut: true };
    bytes += length;
    end += character.length;
  }
  return { text, bytes, cut: false };
}

function write(level: Level, messages: readonly string[]): void {
  if (lines >= maximumLines) return;
  lines += 1;
  if (lines === maximumLines) {
    const text = `Log overflow (maximum ${maximumLines}). Remaining log lines omitted.`;
    send({ level: "ERROR", messages: [text], isTruncated: false });
    return;
  }
  const kept: string[] = [];
  let left = maximumLineBytes;
  let isTruncated = false;
  for (const message of messages) {
    if (kept.length > 0) left -= 1;
    const { text, bytes, cut } = cutToBytes(message, Math.max(left, 0));
    kept.push(text);
    left -= bytes;
    if (cut) {
      isTruncated = true;
      break;
    }
  }
  send({ level, messages: kept, isTruncated });
}

function send(line: { level: Level; messages: readonly string[]; isTruncated: boolean }): void {
  tellHost("log", JSON.stringify(line));
}

const labelOf = (label: unknown) => (label === undefined ? "default" : String(label));

function elapsed(label: string, rest: readonly unknown[]): void {
  const started = timers.get(label);
  if (started === undefined) write("WARN", [`Timer '${label}' does not exist`]);
  else write("INFO", [`${label}: ${trueTime() - started}ms`, ...rest.map(render)]);
}

/** The console of a realm: its lines go to the host as the operation `log`. */
export function createConsole(): object {
  const method =
    (level: Level) =>
    (...values: unknown[]): void =>
      write(level, values.map(render));
  return {
    debug: method("DEBUG"),
    error: method("ERROR"),
    info: method("INFO"),
    log: method("LOG"),
    warn: method("WARN"),
    trace(...values: unknown[]) {
      write("LOG", [...values.map(render), stackLines(new Error("trace"))]);
    },
    time(label?: unknown) {
      const name = labelOf(label);
      if (timers.has(name)) write("WARN", [`Timer '${name}' already exists`]);
      else timers.set(name, trueTime());
    },
    timeLog(label?: unknown, ...rest: unknown[]) {
      elapsed(labelOf(label), rest);
    },
    timeEnd(label?: unknown) {
      const name = labelOf(label);
      elapsed(name, []);
      timers.delete(name);
    },
  };
}

import { beforeEach, expect, test } from "vitest";
import { startTestRealm, type TestRealm } from "../web/test_realm.ts";
import { formatLogLine, readLogLine, structuredLogLine } from "./index.ts";

let realm: TestRealm;
beforeEach(async () => {
  realm = await startTestRealm("query");
});

const lines = () => realm.logs.map((payload) => formatLogLine(readLogLine(payload, 0)));

test("values are logged as object-inspect shows them, strings quoted, without printf", async () => {
  await realm.run(
    `console.log("hello %s", 1, { a: [1, "x"], n: null }, 10n); console.error(new Map([[1, 2]]))`,
  );
  expect(lines()).toEqual([
    "[LOG] 'hello %s' 1 {\n  a: [ 1, 'x' ],\n  n: null\n} 10n",
    "[ERROR] Map (1) {\n  1 => 2\n}",
  ]);
});

test("every level has its name, and nothing else is there", async () => {
  await realm.run(`console.debug(1); console.info(2); console.warn(3)`);
  expect(lines()).toEqual(["[DEBUG] 1", "[INFO] 2", "[WARN] 3"]);
  expect(await realm.run(`return typeof console.table + typeof console.group`)).toBe("undefinedundefined");
});

test("line 256 says that the rest is left out", async () => {
  await realm.run(`for (let i = 0; i < 400; i++) console.log(i)`);
  expect(realm.logs).toHaveLength(256);
  expect(lines()[255]).toBe("[ERROR] Log overflow (maximum 256). Remaining log lines omitted.");
});

test("a line is cut between characters at 32768 bytes", async () => {
  await realm.run(`console.log("é".repeat(20000), "more")`);
  const line = readLogLine(realm.logs[0]!, 7);
  expect(line.isTruncated).toBe(true);
  expect(Buffer.byteLength(line.messages.join(" "))).toBeGreaterThan(32_760);
  expect(Buffer.byteLength(line.messages.join(" "))).toBeLessThanOrEqual(32_768);
  expect(formatLogLine(line)).toMatch(/é \(truncated due to length\)$/);
  expect(structuredLogLine(line)).toEqual({
    messages: line.messages,
    isTruncated: true,
    timestamp: 7,
    level: "LOG",
  });
});

test("timers tell true milliseconds and complain about wrong labels", async () => {
  await realm.run(
    `console.time("a"); console.time("a"); console.timeLog("a", 5); console.timeEnd("a"); console.timeEnd()`,
  );
  expect(lines().map((line) => line.replace(/\d+ms/, "Nms"))).toEqual([
    "[WARN] Timer 'a' already exists",
    "[INFO] a: Nms 5",
    "[INFO] a: Nms",
    "[WARN] Timer 'default' does not exist",
  ]);
});

test("trace ends with where it was called", async () => {
  await realm.run(`function here() { console.trace("x") } here()`);
  expect(lines()[0]).toMatch(/^\[LOG\] 'x' {5}at here \(/);
});

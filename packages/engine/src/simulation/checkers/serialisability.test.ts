import { expect, test } from "vitest";
import type { Commit } from "../../log/commit.ts";
import { type Ending, History, type Operation } from "../history.ts";
import { checkHistory } from "./serialisability.ts";

interface Told {
  readonly ts: number | "failed" | "unknown";
  readonly operations: readonly Operation[];
}

/** A commit that leaves `rows`: values of keys, lists of keys, places of rows; `null` removes. */
function commit(ts: number, rows: Record<string, number | number[] | [number, "at", number] | null>): Commit {
  const documents = Object.entries(rows).map(([key, value]) => {
    if (value === null) return { tableId: 1, id: key, document: null };
    const fields = Array.isArray(value)
      ? value[1] === "at"
        ? { key, v: value[0], place: value[2] }
        : { key, items: value }
      : { key, v: value };
    return { tableId: 1, id: key, document: { id: key, json: JSON.stringify(fields), size: 1 } };
  });
  return { ts, documents, indexEntries: [], touched: [], changesCatalog: false };
}

/** Transactions that all ran side by side, or one after the other. */
function kindsFound(transactions: readonly Told[], commits: readonly Commit[], sideBySide = true): string[] {
  const history = new History();
  const endOf = (ts: Told["ts"]): Ending =>
    typeof ts === "number" ? { kind: "committed", ts } : { kind: ts };
  const highest = Math.max(
    0,
    ...transactions.flatMap(({ operations }) =>
      operations.map((operation) => ("value" in operation ? Number(operation.value) || 0 : 0)),
    ),
  );
  const writerOf = (value: number) =>
    transactions.findIndex(({ operations }) =>
      operations.some(({ kind, ...rest }) => kind !== "read" && "value" in rest && rest.value === value),
    );
  const open = transactions.map(({ ts, operations }) => {
    const transaction = history.begin("test");
    for (const operation of operations) transaction.record(operation);
    if (!sideBySide) history.end(transaction, endOf(ts));
    return transaction;
  });
  for (let value = 1; value <= highest; value++) history.freshValue(open[Math.max(0, writerOf(value))]!);
  if (sideBySide) for (const [i, { ts }] of transactions.entries()) history.end(open[i]!, endOf(ts));
  return [...new Set(checkHistory(history, commits).map(({ kind }) => kind))];
}

const read = (key: string, value: number | number[] | null): Operation => ({ kind: "read", key, value });
const write = (key: string, value: number | null): Operation => ({ kind: "write", key, value });
const append = (key: string, value: number): Operation => ({ kind: "append", key, value });
const look = (...rows: [string, number][]): Operation => ({
  kind: "predicate",
  low: 0,
  high: 10,
  rows: rows.map(([key, value]) => ({ key, value })),
});

const start: Told = { ts: 1, operations: [write("x", 1), write("y", 2)] };
const started = commit(1, { x: 1, y: 2 });

test("a serial history is in order", () => {
  const second: Told = { ts: 2, operations: [read("x", 1), write("x", 3)] };
  const third: Told = { ts: 3, operations: [read("x", 3), write("y", 4)] };
  const commits = [started, commit(2, { x: 3 }), commit(3, { y: 4 })];
  expect(kindsFound([start, second, third], commits, false)).toEqual([]);
});

test("two writes on one version are a lost update", () => {
  const a: Told = { ts: 2, operations: [read("x", 1), write("x", 3)] };
  const b: Told = { ts: 3, operations: [read("x", 1), write("x", 4)] };
  expect(kindsFound([start, a, b], [started, commit(2, { x: 3 }), commit(3, { x: 4 })])).toContain(
    "lost update",
  );
});

test("an element missing from a list is a lost update", () => {
  const a: Told = { ts: 2, operations: [append("l", 3)] };
  const b: Told = { ts: 3, operations: [append("l", 4)] };
  const c: Told = { ts: 4, operations: [read("l", [3])] };
  const commits = [started, commit(2, { l: [3] }), commit(3, { l: [4] })];
  expect(kindsFound([start, a, b, c], commits)).toContain("lost update");
});

test("two transactions that each read what the other writes are write skew", () => {
  const a: Told = { ts: 2, operations: [read("x", 1), read("y", 2), write("x", 3)] };
  const b: Told = { ts: 3, operations: [read("x", 1), read("y", 2), write("y", 4)] };
  const kinds = kindsFound([start, a, b], [started, commit(2, { x: 3 }), commit(3, { y: 4 })]);
  expect(kinds).toContain("write skew");
});

test("two transactions that each insert where the other saw nothing are a phantom", () => {
  const a: Told = { ts: 2, operations: [look(), write("row:3", 3)] };
  const b: Told = { ts: 3, operations: [look(), write("row:4", 4)] };
  const commits = [started, commit(2, { "row:3": [3, "at", 1] }), commit(3, { "row:4": [4, "at", 2] })];
  expect(kindsFound([start, a, b], commits)).toContain("phantom");
});

test("parts of two states are read skew", () => {
  const a: Told = { ts: 2, operations: [write("x", 3), write("y", 4)] };
  const b: Told = { ts: 2, operations: [read("x", 1), read("y", 4)] };
  expect(kindsFound([start, a, b], [started, commit(2, { x: 3, y: 4 })])).toContain("read skew");
});

test("a value that was never committed is an aborted read", () => {
  const a: Told = { ts: "failed", operations: [write("x", 3)] };
  const b: Told = { ts: 2, operations: [read("x", 3), write("y", 4)] };
  expect(kindsFound([start, a, b], [started, commit(2, { y: 4 })])).toContain("aborted read");
});

test("a value that its own transaction overwrote is an intermediate read", () => {
  const a: Told = { ts: 2, operations: [write("x", 3), write("x", 4)] };
  const b: Told = { ts: 3, operations: [read("x", 3), write("y", 5)] };
  expect(kindsFound([start, a, b], [started, commit(2, { x: 4 }), commit(3, { y: 5 })])).toContain(
    "intermediate read",
  );
});

test("an old value after a newer one was confirmed is a stale read", () => {
  const a: Told = { ts: 2, operations: [write("x", 3)] };
  const b: Told = { ts: 1, operations: [read("x", 1)] };
  expect(kindsFound([start, a, b], [started, commit(2, { x: 3 })], false)).toEqual(["stale read"]);
  expect(kindsFound([start, a, b], [started, commit(2, { x: 3 })], true)).toEqual([]);
});

test("what was confirmed and is not there is a lost write, what was refused and is there a resurrected one", () => {
  const lost: Told = { ts: 2, operations: [write("x", 3)] };
  expect(kindsFound([start, lost], [started])).toEqual(["lost write"]);
  const refused: Told = { ts: "failed", operations: [write("x", 3)] };
  expect(kindsFound([start, refused], [started, commit(2, { x: 3 })])).toEqual(["resurrected write"]);
});

test("who never heard may have happened or not, but not by half", () => {
  const unsure: Told = { ts: "unknown", operations: [write("x", 3), write("y", 4)] };
  expect(kindsFound([start, unsure], [started])).toEqual([]);
  expect(kindsFound([start, unsure], [started, commit(2, { x: 3, y: 4 })])).toEqual([]);
  expect(kindsFound([start, unsure], [started, commit(2, { x: 3 })])).toEqual(["lost write"]);
});

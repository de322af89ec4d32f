import { expect, test } from "vitest";
import type { FromDatabaseThread, ToDatabaseThread } from "./lane_host.ts";
import { packMessages, unpackMessages } from "./message_codec.ts";

const call = {
  version: "v1",
  environment: "e1",
  path: "notes.js:add",
  args: "{}",
  identity: null,
  requestId: "r",
  internal: false,
};
const usage = {
  documentsRead: 1,
  bytesRead: 2,
  documentsWritten: 3,
  bytesWritten: 4,
  databaseQueries: 5,
  userTime: 0.25,
  memoryMegabytes: 6,
};
const line = { level: "LOG", messages: ["x"], isTruncated: false, timestamp: 7 } as const;
const reads = [
  { indexId: 1, start: "a" },
  { indexId: 2, start: "a", end: null },
  { indexId: 3, start: "a", end: "\xff\0" },
];

test("what is sent to a lane in one message arrives as it was, in order", () => {
  const messages: ToDatabaseThread[] = [
    { kind: "environment", environment: { id: "e1", variables: { A: "1" } } },
    { kind: "query", id: 1, call: { ...call, at: 12, journal: null } },
    { kind: "prune", number: 7, horizon: 1_700_000_000_000_000, budget: 3 },
    { kind: "mutation", id: 2, call: { ...call, once: null } },
    { kind: "hold", number: 8 },
    {
      kind: "mutation",
      id: 3,
      call: { ...call, identity: { subject: "u" }, internal: true, once: { sessionId: "s", requestId: 0 } },
    },
    { kind: "query", id: 4, call: { ...call, at: 13, journal: "j" } },
    { kind: "retire", version: "v0" },
  ];
  const arrived: ToDatabaseThread[] = [];
  unpackMessages<ToDatabaseThread>(structuredClone(packMessages(messages)), (one) => arrived.push(one));
  expect(arrived).toStrictEqual(messages);
});

test("what a lane and its database answer arrives as it was, in order", () => {
  const messages: FromDatabaseThread[] = [
    { kind: "loaded", id: 1 },
    {
      kind: "result",
      id: 2,
      outcome: {
        result: { kind: "value", value: "null" },
        logs: [],
        usage,
        reads,
        journal: null,
        usedIdentity: true,
        usedTime: false,
        usedRandom: true,
      },
    },
    { kind: "laneFailed", id: 3, code: "X", message: "y" },
    {
      kind: "durable",
      ts: 1_700_000_000_000_002,
      commits: [
        {
          ts: 1_700_000_000_000_001,
          touched: [
            { indexId: 5, key: "k" },
            { indexId: 6, key: "\xff\0" },
          ],
          changesCatalog: false,
          documents: [],
        },
        {
          ts: 1_700_000_000_000_002,
          touched: [],
          changesCatalog: true,
          documents: [
            { tableId: 1, id: "a", document: { id: "a", json: "{}", size: 2 } },
            { tableId: 1, id: "b", document: null },
          ],
        },
      ],
    },
    {
      kind: "outcome",
      id: 4,
      outcome: {
        result: { kind: "error", message: "no", data: "1", code: "C" },
        logs: [line],
        usage,
        ts: null,
      },
    },
    { kind: "outcome", id: 5, outcome: { result: { kind: "value", value: "1" }, logs: [], usage, ts: 9 } },
  ];
  const arrived: FromDatabaseThread[] = [];
  unpackMessages<FromDatabaseThread>(structuredClone(packMessages(messages)), (one) => arrived.push(one));
  expect(arrived).toStrictEqual(messages);
});

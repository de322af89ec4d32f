import { expect, test } from "vitest";
import type { FromLane, ToLane } from "./lane_host.ts";
import { packFromLane, packToLane, unpackFromLane, unpackToLane } from "./message_codec.ts";

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
  const messages: ToLane[] = [
    { kind: "environment", environment: { id: "e1", variables: { A: "1" } } },
    { kind: "query", id: 1, call: { ...call, at: 12, journal: null } },
    { kind: "news", news: { kind: "durable", ts: 1_700_000_000_000_000, laneSequence: 3 } },
    { kind: "mutation", id: 2, call: { ...call, once: null } },
    { kind: "news", news: { kind: "refused", epoch: 1, laneSequence: 2 } },
    {
      kind: "mutation",
      id: 3,
      call: { ...call, identity: { subject: "u" }, internal: true, once: { sessionId: "s", requestId: 0 } },
    },
    { kind: "query", id: 4, call: { ...call, at: 13, journal: "j" } },
    { kind: "retire", version: "v0" },
  ];
  const arrived: ToLane[] = [];
  unpackToLane(structuredClone(packToLane(messages)), (message) => arrived.push(message));
  expect(arrived).toStrictEqual(messages);
});

test("what a lane answers arrives as it was, in order", () => {
  const messages: FromLane[] = [
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
    { kind: "failed", id: 3, code: "X", message: "y" },
    {
      kind: "report",
      report: {
        failed: [{ id: 9, code: "X", message: "y" }],
        ran: [
          {
            id: 4,
            transaction: {
              epoch: 1,
              laneSequence: 2,
              foreignSeen: 3,
              catalogTs: 4,
              reads,
              writes: {
                documents: [
                  { tableId: 10_001, id: "a", document: { id: "a", json: "{}", size: 2 } },
                  { tableId: 10_001, id: "b", document: null },
                ],
                indexEntries: [
                  { indexId: 5, key: "k", documentId: "a" },
                  { indexId: 5, key: "l", documentId: null },
                ],
                touched: [{ indexId: 5, key: "k" }],
                changesCatalog: true,
              },
            },
            result: { kind: "error", message: "no", data: "1", code: "C" },
            logs: [line],
            usage,
          },
        ],
      },
    },
  ];
  const arrived: FromLane[] = [];
  unpackFromLane(structuredClone(packFromLane(messages)), (message) => arrived.push(message));
  expect(arrived).toStrictEqual(messages);
});

import { describe, expect, test } from "vitest";
import {
  encodeModification,
  encodeQueryUpdated,
  encodeServerMessage,
  encodeTransition,
  PING_TEXT,
  parseServerMessage,
  type ServerMessage,
  type Transition,
} from "./server_message.ts";
import { compareTs, INITIAL_VERSION, sameVersion } from "./state_version.ts";

const transition: Transition = {
  type: "Transition",
  startVersion: INITIAL_VERSION,
  endVersion: { querySet: 2, identity: 1, ts: 1719500000000000000n },
  modifications: [
    { type: "QueryUpdated", queryId: 0, value: [{ a: 1 }], logLines: ["[LOG] 'hi'"], journal: null },
    {
      type: "QueryFailed",
      queryId: 1,
      errorMessage: "Server Error",
      logLines: [],
      journal: "j",
      errorData: null,
    },
    { type: "QueryFailed", queryId: 2, errorMessage: "Server Error", logLines: [], journal: null },
    { type: "QueryRemoved", queryId: 3 },
  ],
  clientClockSkew: -12,
  serverTs: 1719500000123456,
};

describe("a server's message", () => {
  test.each<ServerMessage>([
    transition,
    { type: "TransitionChunk", chunk: '{"ty', partNumber: 0, totalParts: 2, transitionId: "9" },
    { type: "MutationResponse", requestId: 0, success: true, result: null, ts: 2n ** 63n - 1n, logLines: [] },
    {
      type: "MutationResponse",
      requestId: 1,
      success: false,
      result: "no",
      ts: null,
      logLines: [],
      errorData: null,
    },
    { type: "ActionResponse", requestId: 2, success: true, result: { a: 1 }, logLines: ["x"] },
    { type: "ActionResponse", requestId: 3, success: false, result: "no", logLines: [], errorData: "d" },
    { type: "AuthError", error: "expired", baseVersion: 1, authUpdateAttempted: false },
    { type: "FatalError", error: "stop" },
    { type: "Ping" },
  ])("$type comes through the wire unchanged", (message) => {
    expect(parseServerMessage(encodeServerMessage(message))).toEqual(message);
  });

  test("starts where P §1.4 says, with its timestamp in base64", () => {
    expect(JSON.parse(encodeServerMessage(transition))).toMatchObject({
      startVersion: { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" },
      endVersion: { querySet: 2, identity: 1, ts: "AMBIwyPk3Bc=" },
    });
    expect(encodeServerMessage({ type: "Ping" })).toBe(PING_TEXT);
  });

  test("has errorData exactly when the function threw a ConvexError", () => {
    const sent = parseServerMessage(encodeServerMessage(transition)) as Transition;
    expect("errorData" in sent.modifications[1]!).toBe(true);
    expect("errorData" in sent.modifications[2]!).toBe(false);
  });

  test("can be put together from shared texts", () => {
    const [updated] = transition.modifications;
    const shared = encodeQueryUpdated(0, '[{"a":1}]', ["[LOG] 'hi'"], null);
    expect(JSON.parse(shared)).toEqual(updated);
    const text = encodeTransition({
      ...transition,
      modifications: [shared, ...transition.modifications.slice(1).map(encodeModification)],
    });
    expect(parseServerMessage(text)).toEqual(transition);
  });

  test("of an unknown type is not passed over in silence", () => {
    expect(() => parseServerMessage('{"type":"News"}')).toThrow('unknown type "News"');
  });
});

test("versions are the same only in all three components", () => {
  expect(sameVersion(INITIAL_VERSION, { querySet: 0, identity: 0, ts: 0n })).toBe(true);
  expect(sameVersion(INITIAL_VERSION, { querySet: 0, identity: 1, ts: 0n })).toBe(false);
  expect(sameVersion(INITIAL_VERSION, { querySet: 0, identity: 0, ts: 1n })).toBe(false);
  expect([3n, 1n, 2n].sort(compareTs)).toEqual([1n, 2n, 3n]);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushFixture } from "./harness/push.ts";
import { type RawSocket, rawSocket, refusedUpgrade } from "./harness/raw_socket.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

let tandem: Tandem;
/** A client that behaves, whatever others do. */
let witness: RawSocket;
let witnessed = 0;

beforeAll(async () => {
  tandem = await startTandem({
    environment: { TANDEM_FRAME_SIZE: String(1024 * 1024), TANDEM_SOCKET_MUTATIONS: "50" },
  });
  await pushFixture(tandem);
  witness = await rawSocket(tandem.backendUrl);
  witness.hello();
});
afterAll(async () => {
  expect(tandem.complaints).not.toContain("stopped");
  witness[Symbol.dispose]();
  await tandem.stop();
});

async function witnessIsUndisturbed(): Promise<void> {
  witness.send({
    type: "Mutation",
    requestId: witnessed,
    udfPath: "counters:increment",
    args: [{ name: "witness" }],
  });
  witnessed += 1;
  expect(await witness.next("MutationResponse")).toMatchObject({ success: true, result: witnessed });
}

const addQuery = (queryId: number, udfPath = "counters:read", args: unknown = { name: "x" }) => ({
  type: "Add",
  queryId,
  udfPath,
  args: [args],
});
const modify = (baseVersion: number, newVersion: number, ...modifications: unknown[]) => ({
  type: "ModifyQuerySet",
  baseVersion,
  newVersion,
  modifications,
});

describe("versions of the protocol", () => {
  test.each(["/api/0.19.1/sync", "/api/0.1.0/sync"])(
    "%s is too old and refused with what to do",
    async (path) => {
      const { status, body, headers } = await refusedUpgrade(tandem.backendUrl, path);
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({ code: "ClientVersionUnsupported" });
      expect(headers["x-convex-deprecation-state"]).toBe("Unsupported");
    },
  );

  test.each(["/api/0.19.2/sync", "/api/1.0.0/sync", "/api/99.0.0/sync", "/api/1.48.0-alpha.1/sync"])(
    "%s is served",
    async (path) => {
      using socket = await rawSocket(tandem.backendUrl, path);
      socket.hello();
      socket.send(modify(0, 1));
      expect(await socket.next("Transition")).toMatchObject({ endVersion: { querySet: 1, identity: 0 } });
    },
  );

  test("a version that is none is refused", async () => {
    expect((await refusedUpgrade(tandem.backendUrl, "/api/newest/sync")).status).toBe(400);
  });

  test("clients that name themselves in a header are served, but not by a header of the wrong form", async () => {
    using socket = await rawSocket(tandem.backendUrl, "/api/sync", { "Convex-Client": "rust-0.9.0" });
    socket.hello({ clientTs: 0 });
    socket.send(modify(0, 1, addQuery(0)));
    expect(await socket.next("Transition")).toMatchObject({
      modifications: [{ type: "QueryUpdated", value: 0 }],
    });
    const refused = await refusedUpgrade(tandem.backendUrl, "/api/sync", { "Convex-Client": "rust" });
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "InvalidClientVersion" });
  });

  test("an address that ends in a slash works", async () => {
    using socket = await rawSocket(tandem.backendUrl, "//api/1.48.0/sync");
    socket.hello();
    socket.send(modify(0, 1));
    await socket.next("Transition");
  });
});

describe("transitions", () => {
  test("follow one another without a gap, and the first begins at nothing", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send(modify(0, 1, addQuery(3), addQuery(1, "failing:withData", {})));
    const first = await socket.next("Transition");
    expect(first.startVersion).toEqual({ querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" });
    expect(first.modifications).toMatchObject([
      {
        type: "QueryFailed",
        queryId: 1,
        errorMessage: expect.stringMatching(
          /^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught ConvexError: /,
        ),
        errorData: { code: "too_low", limit: { $integer: "BQAAAAAAAAA=" } },
        logLines: [],
        journal: null,
      },
      { type: "QueryUpdated", queryId: 3, value: 0, logLines: [], journal: null },
    ]);
    expect(Math.abs((first.serverTs as number) / 1e6 - Date.now())).toBeLessThan(60_000);
    socket.send({ type: "Mutation", requestId: 0, udfPath: "counters:increment", args: [{ name: "x" }] });
    const response = await socket.next("MutationResponse");
    expect(response).toMatchObject({ requestId: 0, success: true, result: 1, logLines: [] });
    const second = await socket.next("Transition");
    expect(second.startVersion).toEqual(first.endVersion);
    expect(second.modifications).toMatchObject([{ type: "QueryUpdated", queryId: 3, value: 1 }]);
    socket.send(modify(1, 2, { type: "Remove", queryId: 3 }));
    const third = await socket.next("Transition");
    expect(third.startVersion).toEqual(second.endVersion);
    expect(third.modifications).toEqual([{ type: "QueryRemoved", queryId: 3 }]);
  });

  test("tell the difference of the clocks with a change of identity, which is when clients want it", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello({ clientTs: Date.now() + 100_000 });
    socket.send({ type: "Authenticate", baseVersion: 0, tokenType: "None" });
    const { clientClockSkew } = await socket.next("Transition");
    expect(clientClockSkew).toBeGreaterThan(90_000);
    expect(clientClockSkew).toBeLessThanOrEqual(100_000);
  });

  test("come after each mutation, even one that changes nothing that is watched", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "counters:increment",
      args: [{ name: "unwatched" }],
    });
    const { ts } = await socket.next("MutationResponse");
    const at = (encoded: unknown) => Buffer.from(encoded as string, "base64").readBigUInt64LE();
    let end: bigint;
    do {
      const { endVersion } = await socket.next("Transition");
      end = at((endVersion as { ts: string }).ts);
    } while (end < at(ts));
  });

  test("a mutation that is sent again is answered as the first time, and not run again", async () => {
    const sessionId = crypto.randomUUID();
    const answers = [];
    for (let connectionCount = 0; connectionCount < 3; connectionCount++) {
      using socket = await rawSocket(tandem.backendUrl);
      socket.hello({ sessionId, connectionCount });
      socket.send({
        type: "Mutation",
        requestId: 4,
        udfPath: "counters:increment",
        args: [{ name: "once" }],
      });
      answers.push(await socket.next("MutationResponse"));
    }
    expect(answers[0]).toMatchObject({ success: true, result: 1 });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("a mutation that failed is run again when it is sent again", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    for (let i = 0; i < 2; i++) {
      socket.send({
        type: "Mutation",
        requestId: 0,
        udfPath: "failing:afterWriting",
        args: [{ list: "again" }],
      });
      expect(await socket.next("MutationResponse")).toMatchObject({
        success: false,
        ts: null,
        result: expect.stringContaining("Server Error"),
        errorData: { code: "too_low" },
      });
    }
  });

  test("a client that has seen a later state than the server's is not shown an older one", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    const future = Buffer.alloc(8);
    future.writeBigUInt64LE(BigInt(Date.now() + 3_600_000) * 1_000_000n);
    socket.hello({ maxObservedTimestamp: future.toString("base64") });
    socket.send(modify(0, 1, addQuery(0)));
    expect(await socket.closed).toMatchObject({
      code: 1011,
      reason: expect.stringContaining("InternalServerError"),
    });
    expect(socket.received.filter(({ type }) => type === "Transition")).toEqual([]);
  });
});

describe("a client that does not keep to the protocol is told so and let go, and others notice nothing", () => {
  const fatal: [string, unknown[]][] = [
    ["text that is no JSON", ["{"]],
    ["JSON that is no message", ["[]", "5"]],
    ["an unknown type", [{ type: "Hello" }]],
    ["a missing field", [{ type: "Mutation", requestId: 0 }]],
    [
      "a session id that is no UUID",
      [{ type: "Connect", sessionId: "me", connectionCount: 0, lastCloseReason: null }],
    ],
    [
      "a negative request id",
      [{ type: "Mutation", requestId: -1, udfPath: "counters:increment", args: [{}] }],
    ],
  ];
  test.each(fatal)("%s", async (_what, messages) => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.send(messages[0]);
    expect((await socket.next("FatalError")).error).toMatch(/^Received Invalid JSON on websocket: /);
    expect((await socket.closed).code).toBe(1005);
    await witnessIsUndisturbed();
  });

  test("a query set that does not follow the last one", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send(modify(0, 1));
    socket.send(modify(0, 2));
    expect((await socket.next("FatalError")).error).toContain(
      "Base version 0 passed up doesn't match the current version 1",
    );
    expect((await socket.closed).code).toBe(1005);
    await witnessIsUndisturbed();
  });

  const internal: [string, unknown[]][] = [
    ["a query added twice", [modify(0, 1, addQuery(0)), modify(1, 2, addQuery(0))]],
    ["a query removed that was not added", [modify(0, 1, { type: "Remove", queryId: 9 })]],
    [
      "an identity that does not follow the last one",
      [{ type: "Authenticate", baseVersion: 7, tokenType: "None" }],
    ],
  ];
  test.each(internal)("%s", async (_what, messages) => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    for (const message of messages) {
      socket.send(message);
    }
    expect(await socket.closed).toMatchObject({ code: 1011, reason: "InternalServerError" });
    await witnessIsUndisturbed();
  });

  test("a binary frame", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send(new Uint8Array([1, 2, 3]));
    await socket.closed;
    await witnessIsUndisturbed();
  });

  test("a frame larger than the limit", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "counters:increment",
      args: [{ name: "x".repeat(2 ** 21) }],
    });
    expect((await socket.closed).code).toBe(1009);
    await witnessIsUndisturbed();
  });

  test("more mutations at once than may wait", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    for (let requestId = 0; requestId < 500; requestId++) {
      socket.send({
        type: "Mutation",
        requestId,
        udfPath: "items:addMany",
        args: [{ list: "flood", from: 0, count: 20 }],
      });
    }
    expect(await socket.closed).toMatchObject({
      code: 1013,
      reason: expect.stringContaining("TooManyConcurrentMutations"),
    });
    await witnessIsUndisturbed();
  });

  test("an unknown event is none of our business", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send({ type: "Event", eventType: "SomethingNew", event: { any: "thing" }, extra: true });
    socket.send(modify(0, 1, addQuery(0)));
    await socket.next("Transition");
  });

  test("a function path that names nothing fails that call alone", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send(modify(0, 1, addQuery(0, "../../etc/passwd:x"), addQuery(1, "no/such:thing"), addQuery(2)));
    const { modifications } = await socket.next("Transition");
    expect(modifications).toMatchObject([
      { type: "QueryFailed", queryId: 0 },
      {
        type: "QueryFailed",
        queryId: 1,
        errorMessage: expect.stringContaining("Could not find public function"),
      },
      { type: "QueryUpdated", queryId: 2 },
    ]);
  });

  test("arguments that are no values fail that call alone", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    for (const [requestId, args] of [
      [{ $bad: 1 }],
      [{ name: { $integer: "x" } }],
      [],
      [1, 2],
      [5],
    ].entries()) {
      socket.send({ type: "Mutation", requestId, udfPath: "counters:increment", args });
      expect(await socket.next("MutationResponse")).toMatchObject({ requestId, success: false });
    }
  });
});

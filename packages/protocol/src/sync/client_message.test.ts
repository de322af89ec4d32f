import { describe, expect, test } from "vitest";
import {
  type ClientMessage,
  encodeClientMessage,
  ProtocolError,
  parseClientMessage,
} from "./client_message.ts";

const sessionId = "7f3b3c1e-5b1a-4a50-9b1c-0d9d3c0f8a11";

describe("a client's message", () => {
  test.each<ClientMessage>([
    {
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: 1719500000000,
    },
    {
      type: "Connect",
      sessionId,
      connectionCount: 3,
      lastCloseReason: null,
      maxObservedTimestamp: 1719500000000000000n,
    },
    { type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications: [] },
    {
      type: "ModifyQuerySet",
      baseVersion: 1,
      newVersion: 2,
      modifications: [
        { type: "Add", queryId: 0, udfPath: "messages:list", args: [{ a: { $integer: "AQAAAAAAAAA=" } }] },
        { type: "Add", queryId: 1, udfPath: "m:n", args: [{}], journal: null, componentPath: "c" },
        { type: "Add", queryId: 2, udfPath: "m:n", args: [{}], journal: "j" },
        { type: "Remove", queryId: 0 },
      ],
    },
    { type: "Mutation", requestId: 4294967295, udfPath: "m:send", args: [{}] },
    { type: "Action", requestId: 1, udfPath: "m:act", args: [{}], componentPath: "a/b" },
    { type: "Authenticate", baseVersion: 0, tokenType: "None" },
    { type: "Authenticate", baseVersion: 1, tokenType: "User", value: "jwt" },
    {
      type: "Authenticate",
      baseVersion: 2,
      tokenType: "Admin",
      value: "key",
      impersonating: { issuer: "i", subject: "s" },
    },
    { type: "Event", eventType: "ClientConnect", event: [{ name: "clientConstructed", startTime: 1 }] },
  ])("$type comes through the wire unchanged", (message) => {
    expect(parseClientMessage(encodeClientMessage(message))).toEqual(message);
  });

  test("of a newer client may have fields we do not know", () => {
    const text = '{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[],"new":1,"componentPath":null}';
    expect(parseClientMessage(text)).toEqual({ type: "Mutation", requestId: 0, udfPath: "a:b", args: [] });
  });

  test("may leave out arguments, which are then null, and the clock", () => {
    expect(parseClientMessage('{"type":"Action","requestId":0,"udfPath":"a:b"}')).toMatchObject({
      args: null,
    });
    const connect = `{"type":"Connect","sessionId":"${sessionId}","connectionCount":0}`;
    expect(parseClientMessage(connect)).toEqual({
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: null,
    });
  });

  test("of the Rust client names the impersonated user acting_as", () => {
    const text =
      '{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":"k","acting_as":{"subject":"s"}}';
    expect(parseClientMessage(text)).toMatchObject({ impersonating: { subject: "s" } });
  });

  test("keeps undecoded arguments as they are, __proto__ included", () => {
    const message = parseClientMessage(
      '{"type":"Mutation","requestId":0,"udfPath":"a:b","args":[{"__proto__":1}]}',
    );
    expect(JSON.stringify(message)).toContain('"args":[{"__proto__":1}]');
  });
});

test.each<[string, RegExp]>([
  ["{", /^Received Invalid JSON on websocket: /],
  ["[]", /a message must be an object, got \[\]/],
  ["null", /a message must be an object, got null/],
  ["{}", /unknown message type nothing/],
  ['{"type":"Hello"}', /unknown message type "Hello"/],
  ['{"type":"Mutation","udfPath":"a","args":[]}', /missing field `requestId`/],
  [
    '{"type":"Mutation","requestId":-1,"udfPath":"a"}',
    /`requestId` must be an integer from 0 to 4294967295, got -1/,
  ],
  ['{"type":"Mutation","requestId":1.5,"udfPath":"a"}', /got 1\.5/],
  ['{"type":"Mutation","requestId":1,"udfPath":7}', /`udfPath` must be a string, got 7/],
  ['{"type":"Connect","sessionId":"x","connectionCount":0}', /sessionId "x" is not a UUID/],
  [
    `{"type":"Connect","sessionId":"${sessionId}","connectionCount":0,"lastCloseReason":1}`,
    /lastCloseReason/,
  ],
  [
    `{"type":"Connect","sessionId":"${sessionId}","connectionCount":0,"maxObservedTimestamp":"AA=="}`,
    /must have 8 bytes/,
  ],
  [`{"type":"Connect","sessionId":"${sessionId}","connectionCount":0,"clientTs":"now"}`, /clientTs/],
  ['{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1}', /missing field `modifications`/],
  [
    '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Swap"}]}',
    /unknown modification/,
  ],
  [
    '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,"udfPath":"a","journal":1}]}',
    /journal/,
  ],
  ['{"type":"Authenticate","baseVersion":0,"tokenType":"Magic"}', /unknown tokenType "Magic"/],
  ['{"type":"Authenticate","baseVersion":0,"tokenType":"User"}', /missing field `value`/],
  [
    '{"type":"Authenticate","baseVersion":0,"tokenType":"Admin","value":"k","impersonating":[]}',
    /impersonating must be/,
  ],
])("%s ends the socket with a FatalError that says why", (text, message) => {
  expect(() => parseClientMessage(text)).toThrow(message);
  expect(() => parseClientMessage(text)).toThrow(ProtocolError);
  expect(() => parseClientMessage(text)).toThrow(expect.objectContaining({ code: "WSMessageInvalidJson" }));
});

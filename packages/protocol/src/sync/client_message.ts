import type { JSONValue } from "@tandem/values";
import { ApiError } from "../error_codes.ts";
import { decodeTs, encodeTs, type Ts } from "./state_version.ts";

/** The first message on each socket (P §1.3). */
export interface Connect {
  type: "Connect";
  /** UUID of the client instance, the same across its sockets. */
  sessionId: string;
  /** Sockets this client opened before. */
  connectionCount: number;
  lastCloseReason: string | null;
  /** The latest timestamp the client has seen. */
  maxObservedTimestamp?: Ts | undefined;
  /** The client's clock, in ms since 1970. */
  clientTs?: number | undefined;
}

/** Subscribes to a query. */
export interface AddQuery {
  type: "Add";
  queryId: number;
  udfPath: string;
  /** Usually an array of one object; values in their JSON encoding. */
  args: JSONValue;
  /** Absent: none. A string: the journal received before. Null: the empty journal. */
  journal?: string | null | undefined;
  componentPath?: string | undefined;
}

/** Ends a subscription. */
export interface RemoveQuery {
  type: "Remove";
  queryId: number;
}

export type QuerySetModification = AddQuery | RemoveQuery;

/** Changes the set of queries the client is subscribed to. */
export interface ModifyQuerySet {
  type: "ModifyQuerySet";
  baseVersion: number;
  newVersion: number;
  modifications: QuerySetModification[];
}

/** Runs a mutation; requests of one client have ascending ids, shared with actions. */
export interface MutationRequest {
  type: "Mutation";
  requestId: number;
  udfPath: string;
  args: JSONValue;
  componentPath?: string | undefined;
}

/** Runs an action. */
export interface ActionRequest {
  type: "Action";
  requestId: number;
  udfPath: string;
  args: JSONValue;
  componentPath?: string | undefined;
}

/** Sets, changes or clears the identity of the socket. */
export type Authenticate =
  | { type: "Authenticate"; baseVersion: number; tokenType: "None" }
  | { type: "Authenticate"; baseVersion: number; tokenType: "User"; value: string }
  | {
      type: "Authenticate";
      baseVersion: number;
      tokenType: "Admin";
      value: string;
      /** Attributes of the user to act as (P §5.6). */
      impersonating?: { [attribute: string]: JSONValue } | undefined;
    };

/** Telemetry. */
export interface ClientEvent {
  type: "Event";
  eventType: string;
  event: JSONValue;
}

/** Everything a client sends (P §1.3). */
export type ClientMessage =
  | Connect
  | ModifyQuerySet
  | MutationRequest
  | ActionRequest
  | Authenticate
  | ClientEvent;

/** A message that breaks the protocol: the socket ends with a FatalError of this text (P §1.3, §1.8). */
export class ProtocolError extends ApiError {
  constructor(detail: string) {
    super("BadRequest", "WSMessageInvalidJson", `Received Invalid JSON on websocket: ${detail}`);
  }
}

/** The text of a message for the socket. */
export function encodeClientMessage(message: ClientMessage): string {
  if (message.type === "Connect" && message.maxObservedTimestamp !== undefined) {
    return JSON.stringify({ ...message, maxObservedTimestamp: encodeTs(message.maxObservedTimestamp) });
  }
  return JSON.stringify(message);
}

/**
 * Reads a message of a client (P §1.3). Unknown fields are ignored; anything else that does not fit
 * throws {@link ProtocolError}. Arguments stay in their JSON encoding.
 */
export function parseClientMessage(text: string): ClientMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError((cause as Error).message);
  }
  const fields = asFields(json, "a message");
  switch (fields.type) {
    case "Connect":
      return parseConnect(fields);
    case "ModifyQuerySet":
      return {
        type: "ModifyQuerySet",
        baseVersion: u32(fields, "baseVersion"),
        newVersion: u32(fields, "newVersion"),
        modifications: array(fields, "modifications").map(parseModification),
      };
    case "Mutation":
    case "Action":
      return withComponentPath<MutationRequest | ActionRequest>(fields, {
        type: fields.type,
        requestId: u32(fields, "requestId"),
        udfPath: string(fields, "udfPath"),
        args: args(fields),
      });
    case "Authenticate":
      return parseAuthenticate(fields);
    case "Event":
      return {
        type: "Event",
        eventType: string(fields, "eventType"),
        event: (fields.event ?? null) as JSONValue,
      };
    default:
      throw new ProtocolError(`unknown message type ${shown(fields.type)}`);
  }
}

type Fields = { [name: string]: unknown };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

function parseConnect(fields: Fields): Connect {
  const sessionId = string(fields, "sessionId");
  if (!UUID.test(sessionId)) throw new ProtocolError(`sessionId ${shown(sessionId)} is not a UUID`);
  const lastCloseReason = fields.lastCloseReason ?? null;
  if (lastCloseReason !== null && typeof lastCloseReason !== "string") {
    throw wrongField("lastCloseReason", "a string or null", lastCloseReason);
  }
  const message: Connect = {
    type: "Connect",
    sessionId,
    connectionCount: u32(fields, "connectionCount"),
    lastCloseReason,
  };
  if (fields.maxObservedTimestamp !== undefined && fields.maxObservedTimestamp !== null) {
    const wire = string(fields, "maxObservedTimestamp");
    try {
      message.maxObservedTimestamp = decodeTs(wire);
    } catch (cause) {
      throw new ProtocolError(`maxObservedTimestamp ${shown(wire)}: ${(cause as Error).message}`);
    }
  }
  if (fields.clientTs !== undefined && fields.clientTs !== null) {
    if (!Number.isSafeInteger(fields.clientTs)) throw wrongField("clientTs", "an integer", fields.clientTs);
    message.clientTs = fields.clientTs as number;
  }
  return message;
}

function parseModification(json: unknown): QuerySetModification {
  const fields = asFields(json, "a modification of the query set");
  switch (fields.type) {
    case "Add": {
      const add = withComponentPath<AddQuery>(fields, {
        type: "Add",
        queryId: u32(fields, "queryId"),
        udfPath: string(fields, "udfPath"),
        args: args(fields),
      });
      if (fields.journal === null) add.journal = null;
      else if (fields.journal !== undefined) add.journal = string(fields, "journal");
      return add;
    }
    case "Remove":
      return { type: "Remove", queryId: u32(fields, "queryId") };
    default:
      throw new ProtocolError(`unknown modification type ${shown(fields.type)}`);
  }
}

function parseAuthenticate(fields: Fields): Authenticate {
  const baseVersion = u32(fields, "baseVersion");
  switch (fields.tokenType) {
    case "None":
      return { type: "Authenticate", baseVersion, tokenType: "None" };
    case "User":
      return { type: "Authenticate", baseVersion, tokenType: "User", value: string(fields, "value") };
    case "Admin": {
      const message: Authenticate = {
        type: "Authenticate",
        baseVersion,
        tokenType: "Admin",
        value: string(fields, "value"),
      };
      const attributes = fields.impersonating ?? fields.acting_as ?? null;
      if (attributes !== null) {
        message.impersonating = asFields(attributes, "impersonating") as { [name: string]: JSONValue };
      }
      return message;
    }
    default:
      throw new ProtocolError(`unknown tokenType ${shown(fields.tokenType)}`);
  }
}

function withComponentPath<T extends { componentPath?: string | undefined }>(fields: Fields, message: T): T {
  if (fields.componentPath !== undefined && fields.componentPath !== null) {
    message.componentPath = string(fields, "componentPath");
  }
  return message;
}

function asFields(json: unknown, what: string): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ProtocolError(`${what} must be an object, got ${shown(json)}`);
  }
  return json as Fields;
}

function args(fields: Fields): JSONValue {
  return (fields.args ?? null) as JSONValue;
}

function u32(fields: Fields, name: string): number {
  const n = fields[name];
  if (typeof n !== "number" || n >>> 0 !== n) throw wrongField(name, "an integer from 0 to 4294967295", n);
  return n;
}

function string(fields: Fields, name: string): string {
  const text = fields[name];
  if (typeof text !== "string") throw wrongField(name, "a string", text);
  return text;
}

function array(fields: Fields, name: string): unknown[] {
  const list = fields[name];
  if (!Array.isArray(list)) throw wrongField(name, "an array", list);
  return list;
}

function wrongField(name: string, expected: string, got: unknown): ProtocolError {
  return got === undefined
    ? new ProtocolError(`missing field \`${name}\`, which must be ${expected}`)
    : new ProtocolError(`field \`${name}\` must be ${expected}, got ${shown(got)}`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

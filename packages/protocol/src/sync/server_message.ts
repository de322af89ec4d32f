import type { JSONValue } from "@tandem/values";
import {
  decodeTs,
  decodeVersion,
  encodeTs,
  encodeVersion,
  type StateVersion,
  type Ts,
  type WireStateVersion,
} from "./state_version.ts";

/** A query has a new result. */
export interface QueryUpdated {
  type: "QueryUpdated";
  queryId: number;
  value: JSONValue;
  logLines: string[];
  journal: string | null;
}

/** A query failed. `errorData` is there only for a `ConvexError`, and then may be null. */
export interface QueryFailed {
  type: "QueryFailed";
  queryId: number;
  errorMessage: string;
  logLines: string[];
  journal: string | null;
  errorData?: JSONValue | undefined;
}

/** Acknowledges that a query was removed. */
export interface QueryRemoved {
  type: "QueryRemoved";
  queryId: number;
}

export type StateModification = QueryUpdated | QueryFailed | QueryRemoved;

/** Takes the client from one consistent state to the next (P §1.4). */
export interface Transition {
  type: "Transition";
  startVersion: StateVersion;
  endVersion: StateVersion;
  modifications: StateModification[];
  /** Client's clock minus server's, in ms. */
  clientClockSkew?: number | null | undefined;
  /** Server's clock when it sent this, in ns since 1970 (rounded to a double). */
  serverTs?: number | null | undefined;
}

/** A piece of a large Transition's JSON. */
export interface TransitionChunk {
  type: "TransitionChunk";
  chunk: string;
  /** 0 to `totalParts - 1`. */
  partNumber: number;
  totalParts: number;
  transitionId: string;
}

/** How a mutation ended; `ts` is the timestamp of its commit. */
export type MutationResponse =
  | {
      type: "MutationResponse";
      requestId: number;
      success: true;
      result: JSONValue;
      ts: Ts;
      logLines: string[];
    }
  | {
      type: "MutationResponse";
      requestId: number;
      success: false;
      result: string;
      ts: null;
      logLines: string[];
      errorData?: JSONValue | undefined;
    };

/** How an action ended. */
export type ActionResponse =
  | { type: "ActionResponse"; requestId: number; success: true; result: JSONValue; logLines: string[] }
  | {
      type: "ActionResponse";
      requestId: number;
      success: false;
      result: string;
      logLines: string[];
      errorData?: JSONValue | undefined;
    };

/** The identity was refused or has expired; the server closes the socket after it. */
export interface AuthError {
  type: "AuthError";
  error: string;
  /** The identity component of the last version that the server made a Transition to. */
  baseVersion: number | null;
  /** True: a new token was refused. False: the identity in use became invalid. */
  authUpdateAttempted?: boolean | undefined;
}

/** The client did something that no retry mends; it stops for good. */
export interface FatalError {
  type: "FatalError";
  error: string;
}

export interface Ping {
  type: "Ping";
}

/** Everything a server sends (P §1.4). */
export type ServerMessage =
  | Transition
  | TransitionChunk
  | MutationResponse
  | ActionResponse
  | AuthError
  | FatalError
  | Ping;

/** The text of a Ping, the same every time. */
export const PING_TEXT = '{"type":"Ping"}';

/** The text of a message for the socket. */
export function encodeServerMessage(message: ServerMessage): string {
  switch (message.type) {
    case "Transition":
      return encodeTransition({ ...message, modifications: message.modifications.map(encodeModification) });
    case "MutationResponse":
      return JSON.stringify(message.success ? { ...message, ts: encodeTs(message.ts) } : message);
    case "ActionResponse":
    case "TransitionChunk":
    case "AuthError":
    case "FatalError":
      return JSON.stringify(message);
    case "Ping":
      return PING_TEXT;
    default:
      return message satisfies never;
  }
}

/** The JSON of one modification, to be made once and shared by all Transitions that carry it. */
export function encodeModification(modification: StateModification): string {
  return JSON.stringify(modification);
}

/**
 * The JSON of a QueryUpdated from a result that is JSON text already, so that the text of a large
 * result can be shared by any number of clients, whose query ids differ.
 */
export function encodeQueryUpdated(
  queryId: number,
  valueJson: string,
  logLines: readonly string[],
  journal: string | null,
): string {
  return `{"type":"QueryUpdated","queryId":${queryId},"value":${valueJson},"logLines":${JSON.stringify(logLines)},"journal":${JSON.stringify(journal)}}`;
}

/** The text of a Transition from modifications that are JSON text already. */
export function encodeTransition(transition: {
  startVersion: StateVersion;
  endVersion: StateVersion;
  /** The JSON text of each modification. */
  modifications: readonly string[];
  clientClockSkew?: number | null | undefined;
  serverTs?: number | null | undefined;
}): string {
  const start = JSON.stringify(encodeVersion(transition.startVersion));
  const end = JSON.stringify(encodeVersion(transition.endVersion));
  const skew = JSON.stringify(transition.clientClockSkew ?? null);
  const serverTs = JSON.stringify(transition.serverTs ?? null);
  return `{"type":"Transition","startVersion":${start},"endVersion":${end},"modifications":[${transition.modifications.join(",")}],"clientClockSkew":${skew},"serverTs":${serverTs}}`;
}

/**
 * Reads a message of the server. The server is trusted to keep to the protocol; an unknown type throws,
 * since it cannot be skipped without losing state.
 */
export function parseServerMessage(text: string): ServerMessage {
  const message = JSON.parse(text) as WireServerMessage;
  switch (message.type) {
    case "Transition":
      return {
        ...message,
        startVersion: decodeVersion(message.startVersion),
        endVersion: decodeVersion(message.endVersion),
      };
    case "MutationResponse":
      return message.success ? { ...message, ts: decodeTs(message.ts) } : message;
    case "TransitionChunk":
    case "ActionResponse":
    case "AuthError":
    case "FatalError":
    case "Ping":
      return message;
    default:
      throw new Error(
        `The server sent a message of unknown type ${JSON.stringify((message as { type?: unknown }).type)}.`,
      );
  }
}

type WireServerMessage =
  | (Omit<Transition, "startVersion" | "endVersion"> & {
      startVersion: WireStateVersion;
      endVersion: WireStateVersion;
    })
  | (Omit<MutationResponse & { success: true }, "ts"> & { ts: string })
  | (MutationResponse & { success: false })
  | Exclude<ServerMessage, Transition | MutationResponse>;

import type {
  ActionResponse,
  AuthError,
  FatalError,
  Ping,
  RemoveQuery,
  StateModification,
  TransitionChunk,
  WireStateVersion,
} from "@tandem/protocol";
import type { JSONValue } from "@tandem/values";
import type { UserIdentityAttributes } from "../../server/authentication.ts";

/** A commit timestamp as it travels: nanoseconds since the Unix epoch as 8 bytes, little-endian, in base64. */
export type EncodedTimestamp = string;

// Messages as they travel. Those that carry a timestamp are spelled out here, because this client keeps timestamps
// in their encoded form until it has to compare two of them; the others are those of the protocol.

export type {
  ActionResponse,
  AuthError,
  FatalError,
  RemoveQuery,
  StateModification,
  TransitionChunk,
  WireStateVersion,
} from "@tandem/protocol";

/**
 * Decisions that a query took and repeats when it runs again, opaque to clients:
 * in practice the end of a page. `null` is the empty journal.
 */
export type QueryJournal = string | null;

/** `ModifyQuerySet` entry that starts a query. */
export type AddQuery = {
  type: "Add";
  queryId: number;
  udfPath: string;
  args: JSONValue[];
  journal?: QueryJournal | undefined;
  componentPath?: string | undefined;
};

/** The client's first message on each socket (P §1.3). */
export type Connect = {
  type: "Connect";
  sessionId: string;
  connectionCount: number;
  lastCloseReason: string | null;
  maxObservedTimestamp?: EncodedTimestamp | undefined;
  clientTs: number;
};

/** Changes the set of live queries; `newVersion` is `baseVersion + 1`. */
export type ModifyQuerySet = {
  type: "ModifyQuerySet";
  baseVersion: number;
  newVersion: number;
  modifications: (AddQuery | RemoveQuery)[];
};

/** Runs a mutation or an action. */
export type FunctionRequest = {
  type: "Mutation" | "Action";
  requestId: number;
  udfPath: string;
  args: JSONValue[];
  componentPath?: string | undefined;
};

/** Who the client says it is. */
export type Credentials =
  | { tokenType: "User"; value: string }
  | { tokenType: "Admin"; value: string; impersonating?: UserIdentityAttributes | undefined };

/** Changes the identity of the socket; `baseVersion` is the last identity version sent. */
export type Authenticate = { type: "Authenticate"; baseVersion: number } & (
  | Credentials
  | { tokenType: "None" }
);

/** Everything a client sends (P §1.3). */
export type ClientMessage = Connect | ModifyQuerySet | FunctionRequest | Authenticate;

/** Moves the client from one consistent set of results to the next. */
export type WireTransition = {
  type: "Transition";
  startVersion: WireStateVersion;
  endVersion: WireStateVersion;
  modifications: StateModification[];
  clientClockSkew?: number | null;
  serverTs?: number | null;
};

/** The outcome of a mutation; `ts` is its commit. */
export type MutationResponse = { type: "MutationResponse"; requestId: number; logLines: string[] } & (
  | { success: true; result: JSONValue; ts: EncodedTimestamp }
  | { success: false; result: string; errorData?: JSONValue }
);

/** What the client acts upon, once chunks are joined and pings dropped. */
export type ServerMessage = WireTransition | MutationResponse | ActionResponse | AuthError | FatalError;

/** Everything a server sends (P §1.4). */
export type WireServerMessage = ServerMessage | TransitionChunk | Ping;

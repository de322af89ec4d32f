import type { Logger } from "../logging.ts";
import type { Environment } from "./environment.ts";
import type { QueryToken } from "./function_path.ts";
import type { FunctionResult } from "./function_result.ts";
import type { QueryJournal } from "./messages.ts";
import type { OptimisticUpdate } from "./optimistic.ts";

/** Options of every client that holds a WebSocket (P §2.3). */
export interface BaseConvexClientOptions {
  /** Ask before the page is left while a request is under way. Default: true in browsers. */
  unsavedChangesWarning?: boolean;
  /** The WebSocket class to use. Default: the global one. */
  webSocketConstructor?: typeof WebSocket;
  /** Log what the client does, in detail. Default: false. */
  verbose?: boolean;
  /** Where to log: `true` for the console, `false` for nowhere, or an object of your own. Default: true. */
  logger?: Logger | boolean;
  /** Accepted, and without effect: this client reports nothing about itself to anybody. */
  reportDebugInfoToConvex?: boolean;
  /** Called with the close message when the server closed the connection with an error. */
  onServerDisconnectError?: (message: string) => void;
  /** Do not check the address. Default: false. */
  skipConvexDeploymentUrlCheck?: boolean;
  /** How many seconds before its expiry a token is renewed. Default: 10. */
  authRefreshTokenLeewaySeconds?: number;
  /** Send nothing until the first token is there: for pages that are only for people who are signed in. Default: false. */
  expectAuth?: boolean;
  /**
   * Use the first, possibly cached token until it is about to expire, instead of
   * replacing it as soon as the server has confirmed it. Saves the server from
   * running every query twice at the start. Default: false.
   */
  initialAuthTokenReuse?: boolean;
  /** The clock, timers and randomness to use; for simulations. @internal */
  environment?: Environment;
}

/** Options of `BaseConvexClient.subscribe`. */
export interface SubscribeOptions {
  /** A journal from an earlier run of the query. Without effect when the query is already live. */
  journal?: QueryJournal;
  /** The component that the function lives in; for admins only. @internal */
  componentPath?: string | undefined;
}

/** Options of `mutation`. */
export interface MutationOptions {
  /** Shows the likely outcome until the real one is there. */
  // biome-ignore lint/suspicious/noExplicitAny: the public type; the mutation's arguments are not known here
  optimisticUpdate?: OptimisticUpdate<any> | undefined;
}

/** How a query's result changed; a result of `undefined` was set by an optimistic update to look like loading. */
export type QueryModification = { kind: "Updated"; result: FunctionResult | undefined } | { kind: "Removed" };

/** One step of the results on this page, from the server or from an optimistic update. */
export type Transition = {
  queries: Array<{ token: QueryToken; modification: QueryModification }>;
  /** Mutations that are done: their effects, if any, are in the results. */
  reflectedMutations: Array<{ requestId: number; result: FunctionResult }>;
  /** The server's timestamp of the results, in nanoseconds since the Unix epoch. */
  timestamp: bigint;
};

import type { Engine, Timestamp } from "@tandem/engine";
import { fromWireNanoseconds } from "@tandem/engine";
import {
  ApiError,
  type ClientMessage,
  isApiError,
  ProtocolError,
  parseClientMessage,
  socketEndOf,
} from "@tandem/protocol";
import { ANONYMOUS, type Authenticator, type Caller, type TokenFacts } from "../auth/caller.ts";
import { sessionOver } from "../auth/session_over.ts";
import { argumentsObject } from "../execute/arguments.ts";
import type { Executor, Once, Request } from "../execute/executor.ts";
import { webSocketRequestId } from "../execute/request_id.ts";
import type { LiveQueries } from "../live/live_queries.ts";
import type { Seams } from "../seams.ts";
import { MutationQueue } from "./mutation_queue.ts";
import { Outbox, type OutboxLimits } from "./outbox.ts";
import { QuerySet } from "./query_set.ts";
import { actionResponse, mutationResponse } from "./responses.ts";
import type { SyncSocket, SyncSocketListener } from "./socket.ts";
import { TransitionLoop } from "./transition_loop.ts";
import type { TransitionEncoder } from "./transitions.ts";

export interface SessionLimits extends OutboxLimits {
  /** Mutations of one socket that may wait; one more ends it (P §1.5). */
  readonly queuedMutations: number;
  /** Actions of one socket that may run at once (P §1.5). */
  readonly inflightActions: number;
  /** Bytes of a transition from which it travels in chunks, and the size of a chunk (P §1.4). */
  readonly chunkBytes: number;
  /** Milliseconds to wait for the store to reach a timestamp that the client has seen elsewhere. */
  readonly catchUpMilliseconds: number;
}

/** What all sessions of a backend share. */
export interface SessionContext {
  readonly engine: Pick<Engine, "durable" | "waitFor">;
  readonly live: LiveQueries;
  readonly executor: Executor;
  readonly authenticator: Authenticator;
  readonly seams: Seams;
  readonly limits: SessionLimits;
  readonly encoder: TransitionEncoder;
  /** Reports what is our own fault; the client gets no detail of it. */
  readonly report: (error: unknown) => void;
}

type Message<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;

/** A message that waits for an earlier one. What could not be read is read again, and fails, when its turn comes. */
interface WaitingMessage {
  readonly text: string;
  readonly message: ClientMessage | null;
  /** The token that it brings is being verified already; never rejects. */
  readonly verified: Promise<void> | null;
}

/** Messages in line whose tokens are verified ahead of their turn. */
const LOOKED_AHEAD = 8;

interface QueuedMutation {
  readonly requestId: number;
  readonly request: Request;
  readonly once: Once | null;
}

/** One client's socket: its queries, its identity and its requests, in the order of P §1.5. */
export class SyncSession implements SyncSocketListener {
  readonly #context: SessionContext;
  readonly #socket: SyncSocket;
  readonly #outbox: Outbox;
  readonly #queries: QuerySet;
  readonly #transitions: TransitionLoop;
  readonly #mutations: MutationQueue<QueuedMutation>;
  /** Messages that wait for an earlier one, which is being authenticated. */
  readonly #inbox: WaitingMessage[] = [];
  #isHandling = false;
  #isOpen = true;
  #sessionId: string | null = null;
  #clockSkew: number | null = null;
  #caller: Caller = ANONYMOUS;
  /** Versions as received; the client has been brought to the transitions' own. */
  readonly #received = { querySet: 0, identity: 0 };
  #inflightActions = 0;

  constructor(context: SessionContext, socket: SyncSocket, options: { acceptsChunks: boolean }) {
    const { limits, live, engine, seams, encoder } = context;
    this.#context = context;
    this.#socket = socket;
    this.#outbox = new Outbox(socket, seams, limits, () => this.#transitions.drained());
    this.#queries = new QuerySet(live, () => this.#transitions.wake());
    this.#mutations = new MutationQueue(limits.queuedMutations, {
      run: (queued) => this.#runMutation(queued),
      failed: (error) => this.#fail(error),
    });
    this.#transitions = new TransitionLoop({
      engine,
      live,
      seams,
      encoder,
      queries: this.#queries,
      outbox: this.#outbox,
      chunkBytes: options.acceptsChunks ? limits.chunkBytes : null,
      subject: () => {
        this.#checkIdentity();
        const { querySet, identity } = this.#received;
        return { caller: this.#caller, querySet, identity };
      },
      clockSkew: () => this.#clockSkew,
      fail: (error) => this.#fail(error),
    });
  }

  message(text: string): void {
    if (!this.#isOpen) {
      return;
    }
    if (this.#isHandling) {
      this.#inbox.push(this.#lookAhead(text));
    } else {
      this.#take({ text, message: null, verified: null });
    }
  }

  #take({ text, message, verified }: WaitingMessage): void {
    try {
      const known = message ?? parseClientMessage(text);
      const pending = verified === null ? this.#handle(known) : verified.then(() => this.#handle(known));
      if (pending !== undefined) {
        this.#isHandling = true;
        pending.then(
          () => this.#nextMessage(),
          (error) => this.#fail(error),
        );
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the socket when its caller is one of those whose session has just ended. */
  endCaller(match: (token: TokenFacts) => boolean): void {
    if (this.#caller.kind === "user" && match(this.#caller.token)) {
      this.#fail(sessionOver());
    }
  }

  binary(): void {
    this.#fail(new ProtocolError("binary frames are not part of the protocol, send text frames"));
  }

  closed(): void {
    if (!this.#isOpen) {
      return;
    }
    this.#isOpen = false;
    this.#transitions.end();
    this.#outbox.close();
    this.#queries.releaseAll();
    this.#mutations.clear();
    this.#inbox.length = 0;
  }

  #nextMessage(): void {
    this.#isHandling = false;
    while (this.#isOpen && !this.#isHandling && this.#inbox.length > 0) {
      this.#take(this.#inbox.shift()!);
    }
  }

  /**
   * Begins to verify a waiting message's token, so that a client's changes come together instead of one by one. In its
   * turn the message is handled like any other; by then the authenticator knows its token, unless that was forgotten.
   */
  #lookAhead(text: string): WaitingMessage {
    if (this.#inbox.length >= LOOKED_AHEAD || !text.startsWith('{"type":"Authenticate"')) {
      return { text, message: null, verified: null };
    }
    let message: ClientMessage;
    try {
      message = parseClientMessage(text);
    } catch {
      return { text, message: null, verified: null };
    }
    if (message.type !== "Authenticate" || message.tokenType !== "User") {
      return { text, message, verified: null };
    }
    const done = () => {};
    return { text, message, verified: this.#context.authenticator.user(message.value).then(done, done) };
  }

  /** A promise holds back the messages after this one. */
  #handle(message: ClientMessage): Promise<void> | undefined {
    switch (message.type) {
      case "Connect":
        return this.#connect(message);
      case "ModifyQuerySet":
        return this.#modifyQuerySet(message);
      case "Authenticate":
        return this.#authenticate(message);
      case "Mutation":
        return this.#mutate(message);
      case "Action":
        return this.#act(message);
      case "Event":
        return undefined;
      default:
        return message satisfies never;
    }
  }

  #connect(message: Message<"Connect">): Promise<void> | undefined {
    this.#sessionId = message.sessionId;
    if (message.clientTs !== undefined && message.clientTs !== 0) {
      this.#clockSkew = message.clientTs - this.#context.seams.clock.now();
    }
    if (message.maxObservedTimestamp === undefined) {
      return undefined;
    }
    const observed = fromWireNanoseconds(message.maxObservedTimestamp);
    return observed <= this.#context.engine.durable ? undefined : this.#catchUp(observed);
  }

  /** The client has seen a later state than ours (another node's, or one that is lost): never show it an older. */
  async #catchUp(observed: Timestamp): Promise<void> {
    const { timers } = this.#context.seams;
    let timer: unknown;
    const tooLong = new Promise<"late">((resolve) => {
      timer = timers.setTimeout(() => resolve("late"), this.#context.limits.catchUpMilliseconds);
    });
    const reached = await Promise.race([this.#context.engine.waitFor(observed), tooLong]);
    timers.clearTimeout(timer);
    if (reached === "late") {
      throw new Error(
        `A client has seen the database at ${observed} µs, this store stands at ${this.#context.engine.durable} µs.`,
      );
    }
  }

  #modifyQuerySet(message: Message<"ModifyQuerySet">): undefined {
    const { baseVersion, newVersion } = message;
    if (baseVersion !== this.#received.querySet || newVersion <= baseVersion) {
      throw new ApiError(
        "BadRequest",
        "BaseVersionMismatch",
        `Base version ${baseVersion} passed up doesn't match the current version ${this.#received.querySet}, ` +
          `or the new version ${newVersion} does not follow it.`,
      );
    }
    for (const modification of message.modifications) {
      const isKnown = this.#queries.has(modification.queryId);
      if (modification.type === "Remove") {
        if (!isKnown) {
          throw new Error(`Query ${modification.queryId} was removed, but is not in the query set.`);
        }
        this.#queries.remove(modification.queryId);
        continue;
      }
      if (isKnown) {
        throw new Error(`Query ${modification.queryId} was added, but is in the query set already.`);
      }
      this.#queries.add(modification.queryId, {
        path: modification.udfPath,
        args: argumentsObject(modification.args),
        journal: modification.journal ?? null,
        internal: this.#caller.kind === "admin",
        componentPath: modification.componentPath ?? "",
      });
    }
    this.#received.querySet = newVersion;
    this.#transitions.wake();
    return undefined;
  }

  #authenticate(message: Message<"Authenticate">): Promise<void> | undefined {
    if (message.baseVersion !== this.#received.identity) {
      throw new Error(
        `Authenticate came with base version ${message.baseVersion}, the socket is at ${this.#received.identity}.`,
      );
    }
    const { authenticator } = this.#context;
    switch (message.tokenType) {
      case "None":
        this.#become(ANONYMOUS);
        return undefined;
      case "Admin":
        try {
          this.#become(authenticator.admin(message.value, message.impersonating));
        } catch (error) {
          throw updateFailed(error);
        }
        return undefined;
      case "User":
        return authenticator.user(message.value).then(
          (caller) => this.#become(caller),
          (error) => {
            throw updateFailed(error);
          },
        );
      default:
        return message satisfies never;
    }
  }

  #become(caller: Caller): void {
    this.#caller = caller;
    this.#received.identity += 1;
    this.#queries.setInternal(caller.kind === "admin");
    this.#queries.markAllDirty();
    this.#transitions.wake();
  }

  #mutate(message: Message<"Mutation">): undefined {
    const { requestId } = message;
    const once = this.#sessionId === null ? null : { sessionId: this.#sessionId, requestId };
    this.#mutations.push({ requestId, request: this.#request(message), once });
    return undefined;
  }

  #runMutation({ requestId, request, once }: QueuedMutation): Promise<void> {
    return this.#context.executor.mutation(request, once).then((run) => {
      // Woken before the answer is put out, the transition leaves together with it.
      this.#transitions.wake();
      this.#outbox.send(mutationResponse(requestId, run));
    });
  }

  #act(message: Message<"Action">): undefined {
    const request = this.#request(message);
    if (this.#inflightActions >= this.#context.limits.inflightActions) {
      throw new ApiError(
        "Overloaded",
        "TooManyInflightActionsForSingleClient",
        `This client has ${this.#inflightActions} actions running; wait for some of them to end.`,
      );
    }
    this.#inflightActions += 1;
    this.#context.executor
      .action(request)
      .then(
        (run) => {
          this.#transitions.wake();
          this.#outbox.send(actionResponse(message.requestId, run));
        },
        (error) => this.#fail(error),
      )
      .finally(() => {
        this.#inflightActions -= 1;
      });
    return undefined;
  }

  /** The call as it came, with the identity of this moment: a later Authenticate does not change it. */
  #request(message: Message<"Mutation"> | Message<"Action">): Request {
    this.#checkIdentity();
    const { executor } = this.#context;
    return {
      path: message.udfPath,
      args: argumentsObject(message.args),
      componentPath: message.componentPath ?? "",
      caller: this.#caller,
      requestId:
        this.#sessionId === null
          ? executor.newRequestId()
          : webSocketRequestId({ sessionId: this.#sessionId, requestId: message.requestId }),
      source: "SyncWorker",
    };
  }

  /** Throws when the token behind the current identity has run out (P §5.7). */
  #checkIdentity(): void {
    if (this.#caller.kind === "user" && this.#context.seams.clock.now() >= this.#caller.expiresAt) {
      throw new ApiError("Unauthenticated", "TokenExpired", "Convex token identity expired");
    }
  }

  /** Ends the socket as P §1.8 says for this error. */
  #fail(error: unknown): void {
    if (!this.#isOpen) {
      return;
    }
    const end = socketEndOf(error);
    if (end.closeCode === 1011) {
      this.#context.report(error);
    }
    this.#outbox.flush();
    const message = error instanceof Error ? error.message : String(error);
    switch (end.finalMessage) {
      case "FatalError":
        this.#socket.send(JSON.stringify({ type: "FatalError", error: message }));
        break;
      case "AuthErrorOnUpdate":
      case "AuthErrorOnIdentity":
        this.#socket.send(
          JSON.stringify({
            type: "AuthError",
            error: message,
            baseVersion: this.#transitions.sent.identity,
            authUpdateAttempted: end.finalMessage === "AuthErrorOnUpdate",
          }),
        );
        break;
      case null:
        break;
      default:
        end.finalMessage satisfies never;
    }
    this.closed();
    this.#socket.close(end.closeCode, end.closeReason);
  }
}

/** The errors of a refused token travel as AuthError, so that the client fetches another (P §1.8). */
function updateFailed(error: unknown): unknown {
  if (isApiError(error) && ["Unauthenticated", "Forbidden", "BadRequest"].includes(error.kind)) {
    return new ApiError("AuthUpdateFailed", error.code, error.message, { cause: error });
  }
  return error;
}

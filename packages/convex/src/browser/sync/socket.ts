import type { Logger } from "../logging.ts";
import { TransitionChunks } from "./chunks.ts";
import type { Environment, TimerHandle } from "./environment.ts";
import type { ClientMessage, ServerMessage, WireServerMessage } from "./messages.ts";

type SocketState =
  // No socket; a timer will open the next one.
  | { name: "disconnected" }
  // A socket is opening. Paused: it will be left silent when it has opened.
  | { name: "connecting"; socket: WebSocket; paused: boolean }
  // Open. "uninitialized": it opened while paused, so not even Connect has been sent.
  | { name: "ready"; socket: WebSocket; paused: "no" | "yes" | "uninitialized" }
  // Closed on purpose until `tryRestart`, while a refused token is replaced.
  | { name: "stopped" }
  // Closed for good.
  | { name: "terminated" };

/** What `Connect` says about the sockets before this one. */
export type ReconnectMetadata = { connectionCount: number; lastCloseReason: string | null; clientTs: number };

/** What the owner of a socket does at its events. */
export interface SocketEvents {
  /** A socket is open and silent: send everything the server must know (P §1.7). */
  onOpen(metadata: ReconnectMetadata): void;
  /** An open socket ended its pause: send what was held back. */
  onResume(): void;
  /** A whole message came. Answers whether nothing from before the last reconnect is outstanding. */
  onMessage(message: ServerMessage): boolean;
  /** The server closed the socket in a way that is worth telling. */
  onServerDisconnectError?: ((message: string) => void) | undefined;
  /** The state, the number of connections or the number of retries changed. */
  onStateChange(): void;
}

/** The connection is given up when no message came for so long; the server pings every 15 s (P §1.2). */
const INACTIVITY_MS = 60_000;
const LONGEST_BACKOFF_MS = 16_000;
const LOCAL_BACKOFF_MS = 100;
const USUAL_BACKOFF_MS = 1000;
const OVERLOAD_BACKOFF_MS = 3000;

/** Reasons of a close that ask for patience, by how they begin (P §1.9). */
const OVERLOAD_REASONS = [
  "SubscriptionsWorkerFullError",
  "TooManyConcurrentRequests",
  "CommitterFullError",
  "AwsTooManyRequestsException",
  "ExecuteFullError",
  "SystemTimeoutError",
  "ExpiredInQueue",
  "VectorIndexTooLarge",
  "SearchIndexTooLarge",
  "TooManyWritesInTimePeriod",
];

/** Close codes that are part of normal life and not reported (P §1.8). */
const QUIET_CLOSE_CODES = [1000, 1001, 1005, 4040];

/** Keeps one WebSocket to the server open: reconnects, backs off, notices silence (P §2.3). */
export class SyncSocket {
  #url: string;
  #events: SocketEvents;
  #WebSocket: typeof WebSocket;
  #environment: Environment;
  #logger: Logger;
  #state: SocketState = { name: "disconnected" };
  #chunks = new TransitionChunks();
  #connectionCount = 0;
  #hasEverConnected = false;
  #retries = 0;
  #lastCloseReason: string | null = "InitialConnect";
  #reconnectTimer: TimerHandle;
  #inactivityTimer: TimerHandle;

  /** Connects at once. */
  constructor(
    url: string,
    events: SocketEvents,
    webSocket: typeof WebSocket,
    environment: Environment,
    logger: Logger,
  ) {
    this.#url = url;
    this.#events = events;
    this.#WebSocket = webSocket;
    this.#environment = environment;
    this.#logger = logger;
    this.#start();
  }

  get connected(): boolean {
    return this.#state.name === "ready";
  }

  /** How many sockets have been opened. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  get hasEverConnected(): boolean {
    return this.#hasEverConnected;
  }

  /** How many reconnects have been scheduled since the connection was last well. */
  get retries(): number {
    return this.#retries;
  }

  #enter(state: SocketState): void {
    this.#state = state;
    this.#events.onStateChange();
  }

  #start(): void {
    this.#environment.page?.addEventListener("online", this.#reconnectNow);
    this.#connect();
  }

  #connect(): void {
    const socket = new this.#WebSocket(this.#url);
    this.#enter({ name: "connecting", socket, paused: false });
    // From here on, so that a handshake that hangs is noticed as well.
    this.#watchForSilence();
    socket.onopen = () => {
      const paused = this.#state.name === "connecting" && this.#state.paused;
      this.#hasEverConnected = true;
      this.#enter({ name: "ready", socket, paused: paused ? "uninitialized" : "no" });
      this.#watchForSilence();
      if (!paused) this.#announce();
      this.#connectionCount++;
      this.#lastCloseReason = null;
      this.#events.onStateChange();
    };
    socket.onmessage = ({ data }) => this.#receive(data as string);
    // A close event follows every error event and says more; but unheard, the error would end a Node program.
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }) => this.#closedByServer(code, reason);
  }

  #announce(): void {
    this.#chunks.discard();
    this.#events.onOpen({
      connectionCount: this.#connectionCount,
      lastCloseReason: this.#lastCloseReason,
      clientTs: Math.floor(this.#environment.now()),
    });
  }

  #receive(data: string): void {
    this.#watchForSilence();
    const message = JSON.parse(data) as WireServerMessage;
    if (message.type === "Ping") return;
    let whole: ServerMessage | undefined;
    if (message.type === "TransitionChunk") {
      whole = this.#chunks.add(message);
      if (whole === undefined) return;
    } else {
      // A transition whose parts were interrupted will never be whole.
      this.#chunks.discard();
      whole = message;
    }
    if (this.#events.onMessage(whole) && this.#retries > 0) {
      this.#retries = 0;
      this.#events.onStateChange();
    }
  }

  #closedByServer(code: number, reason: string): void {
    this.#lastCloseReason ??= reason || `closed with code ${code}`;
    this.#chunks.discard();
    if (!QUIET_CLOSE_CODES.includes(code)) {
      const message = `WebSocket closed with code ${code}${reason ? `: ${reason}` : ""}`;
      this.#logger.log(message);
      if (reason) this.#events.onServerDisconnectError?.(message);
    }
    this.#reconnectLater(
      OVERLOAD_REASONS.some((overload) => reason.startsWith(overload))
        ? OVERLOAD_BACKOFF_MS
        : USUAL_BACKOFF_MS,
    );
  }

  /** Gives the socket up because of something seen on this side. */
  #closeAndReconnect(reason: string): void {
    this.#lastCloseReason = reason;
    void this.#close();
    this.#reconnectLater(LOCAL_BACKOFF_MS);
  }

  #reconnectLater(base: number): void {
    this.#stopTimers();
    const { random, setTimeout } = this.#environment;
    const delay = Math.min(base * 2 ** this.#retries, LONGEST_BACKOFF_MS) * (0.5 + random());
    this.#retries++;
    this.#logger.log(`Attempting reconnect in ${Math.round(delay)}ms`);
    this.#reconnectTimer = setTimeout(() => this.#connect(), delay);
    this.#enter({ name: "disconnected" });
  }

  #reconnectNow = (): void => {
    if (this.#state.name !== "disconnected") return;
    this.#stopTimers();
    this.#connect();
  };

  #watchForSilence(): void {
    this.#environment.clearTimeout(this.#inactivityTimer);
    this.#inactivityTimer = this.#environment.setTimeout(
      () => this.#closeAndReconnect("InactiveServer"),
      INACTIVITY_MS,
    );
  }

  #stopTimers(): void {
    this.#environment.clearTimeout(this.#inactivityTimer);
    this.#environment.clearTimeout(this.#reconnectTimer);
  }

  /** Sends a message if the socket is ready and not paused; answers whether it did. */
  send(message: ClientMessage): boolean {
    if (this.#state.name !== "ready" || this.#state.paused !== "no") return false;
    try {
      this.#state.socket.send(JSON.stringify(message));
    } catch (error) {
      this.#logger.log(`Failed to send, reconnecting: ${error}`);
      this.#closeAndReconnect("FailedToSendMessage");
    }
    // When sending failed, the next socket begins with the message.
    return true;
  }

  /** Lets go of the current socket, deaf from now on; resolves when it is closed. */
  #close(): Promise<void> {
    const state = this.#state;
    this.#chunks.discard();
    if (state.name !== "connecting" && state.name !== "ready") return Promise.resolve();
    const { socket } = state;
    socket.onmessage = null;
    // Browsers complain in the console about closing a socket before it has opened.
    socket.onopen = () => socket.close();
    return new Promise((resolve) => {
      socket.onclose = () => resolve();
      if (state.name === "ready") socket.close();
    });
  }

  #leave(name: "stopped" | "terminated"): Promise<void> {
    this.#stopTimers();
    this.#environment.page?.removeEventListener("online", this.#reconnectNow);
    const closed = this.#close();
    if (this.#state.name !== "terminated") this.#enter({ name });
    return closed;
  }

  /** Closes for good; resolves when the socket is closed. */
  terminate(): Promise<void> {
    return this.#leave("terminated");
  }

  /** Closes until {@link tryRestart}; resolves when the socket is closed. */
  stop(): Promise<void> {
    return this.#leave("stopped");
  }

  /** Connects again after {@link stop}, without waiting; otherwise does nothing. */
  tryRestart(): void {
    if (this.#state.name === "stopped") this.#start();
  }

  /** Holds every message back until {@link resume}; only a socket that opens or is open can be paused. */
  pause(): void {
    const state = this.#state;
    if (state.name === "connecting") this.#enter({ ...state, paused: true });
    // A socket on which nothing has been said yet still has its whole beginning ahead.
    if (state.name === "ready" && state.paused === "no") this.#enter({ ...state, paused: "yes" });
  }

  /** Ends a pause and has the owner send what was held back. */
  resume(): void {
    const state = this.#state;
    if (state.name === "connecting") this.#enter({ ...state, paused: false });
    if (state.name !== "ready" || state.paused === "no") return;
    this.#enter({ ...state, paused: "no" });
    if (state.paused === "uninitialized") this.#announce();
    else this.#events.onResume();
  }
}

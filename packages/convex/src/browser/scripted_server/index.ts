import { encodeU64, type JSONValue } from "@tandem/values";
import type {
  ClientMessage,
  StateModification,
  WireServerMessage,
  WireStateVersion,
  WireTransition,
} from "../sync/messages.ts";

/** A logical timestamp as the wire spells it. */
export function ts(n: number): string {
  return encodeU64(BigInt(n));
}

/** `QueryUpdated`, as a server sends it. */
export function updated(queryId: number, value: JSONValue, logLines: string[] = []): StateModification {
  return { type: "QueryUpdated", queryId, value, logLines, journal: null };
}

/**
 * A server that says what a test has it say, and remembers what it heard. The
 * test drives both ends of each socket, so nothing happens by itself.
 */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  /** Give it to a client as `webSocketConstructor`. */
  readonly WebSocket: typeof WebSocket;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends ScriptedSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    } as unknown as typeof WebSocket;
  }

  /** The newest socket. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }
}

/** One socket, seen from the server. */
export class ScriptedSocket {
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly url: string;
  /** Whether `send` fails, as it does on a socket that is about to break. */
  broken = false;
  #heard: ClientMessage[] = [];
  #version: WireStateVersion = { querySet: 0, identity: 0, ts: ts(0) };
  #closed = false;

  constructor(url: string) {
    this.url = url;
  }

  /** The client's half: sends. */
  send(data: string): void {
    if (this.broken) throw new Error("the socket is broken");
    this.#heard.push(JSON.parse(data) as ClientMessage);
  }

  /** The client's half: closes; the close event comes a moment later, as in a browser. */
  close(): void {
    void Promise.resolve().then(() => this.closeWith(1005, ""));
  }

  /** Completes the handshake. */
  open(): void {
    this.onopen?.({});
  }

  /** What the client has sent since the last call; ids and clocks that differ from run to run are blanked. */
  heard(): Record<string, unknown>[] {
    const heard = this.#heard.map((message) =>
      message.type === "Connect" ? { ...message, sessionId: "(id)", clientTs: 0 } : { ...message },
    );
    this.#heard = [];
    return heard;
  }

  say(message: WireServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** A transition that begins where this socket's last one ended. */
  transition(
    end: { querySet?: number; identity?: number; ts: number },
    modifications: StateModification[] = [],
    clientClockSkew: number | null = null,
  ): WireTransition {
    const startVersion = this.#version;
    this.#version = { ...startVersion, ...end, ts: ts(end.ts) };
    return {
      type: "Transition",
      startVersion,
      endVersion: this.#version,
      modifications,
      clientClockSkew,
      serverTs: null,
    };
  }

  sayTransition(
    end: { querySet?: number; identity?: number; ts: number },
    modifications: StateModification[] = [],
    clientClockSkew: number | null = null,
  ): void {
    this.say(this.transition(end, modifications, clientClockSkew));
  }

  closeWith(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.({ code, reason });
  }
}

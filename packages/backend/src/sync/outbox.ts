import type { Seams } from "../seams.ts";
import type { SyncSocket } from "./socket.ts";

export interface OutboxLimits {
  /** Transitions that may lie unsent before no further one is begun (P §1.5). */
  readonly unsentTransitions: number;
  /** Milliseconds of silence before an application-level ping (P §1.2). */
  readonly heartbeatMilliseconds: number;
}

/** What leaves by one socket: all messages of a turn together, and a ping when there has been nothing to say. */
export class Outbox {
  readonly #socket: SyncSocket;
  readonly #seams: Seams;
  readonly #limits: OutboxLimits;
  readonly #drained: () => void;
  #waiting: { text: string; isTransition: boolean }[] = [];
  #unsentTransitions = 0;
  #lastSentAt: number;
  #heartbeat: unknown;
  #isOpen = true;

  /** `drained` is called when transitions may be sent again after {@link isFull} was true. */
  constructor(socket: SyncSocket, seams: Seams, limits: OutboxLimits, drained: () => void) {
    this.#socket = socket;
    this.#seams = seams;
    this.#limits = limits;
    this.#drained = drained;
    this.#lastSentAt = seams.clock.now();
    this.#beatAfter(limits.heartbeatMilliseconds);
  }

  /** The client takes less than it is sent: states in between are better skipped. */
  get isFull(): boolean {
    return this.#unsentTransitions >= this.#limits.unsentTransitions;
  }

  send(text: string): void {
    this.#put(text, false);
  }

  /** A transition, in one message or in the chunks of one. */
  sendTransition(messages: readonly string[]): void {
    this.#unsentTransitions += 1;
    for (let i = 0; i < messages.length; i++) {
      this.#put(messages[i]!, i === messages.length - 1);
    }
  }

  readonly flush = (): void => {
    const outgoing = this.#waiting;
    if (!this.#isOpen || outgoing.length === 0) {
      return;
    }
    this.#waiting = [];
    this.#lastSentAt = this.#seams.clock.now();
    if (outgoing.length > 1) {
      this.#socket.cork();
    }
    for (const { text, isTransition } of outgoing) {
      this.#socket.send(text, isTransition ? this.#transitionWritten : undefined);
    }
    if (outgoing.length > 1) {
      this.#socket.uncork();
    }
  };

  close(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#seams.timers.clearTimeout(this.#heartbeat);
  }

  #put(text: string, isTransition: boolean): void {
    if (!this.#isOpen) {
      return;
    }
    if (this.#waiting.length === 0) {
      this.#seams.timers.setImmediate(this.flush);
    }
    this.#waiting.push({ text, isTransition });
  }

  readonly #transitionWritten = (): void => {
    const wasFull = this.isFull;
    this.#unsentTransitions -= 1;
    if (wasFull && !this.isFull && this.#isOpen) {
      this.#drained();
    }
  };

  #beatAfter(milliseconds: number): void {
    this.#heartbeat = this.#seams.timers.setTimeout(() => {
      const { heartbeatMilliseconds } = this.#limits;
      const silent = this.#seams.clock.now() - this.#lastSentAt;
      if (silent >= heartbeatMilliseconds) {
        this.send('{"type":"Ping"}');
      }
      this.#beatAfter(
        silent >= heartbeatMilliseconds ? heartbeatMilliseconds : heartbeatMilliseconds - silent,
      );
    }, milliseconds);
  }
}

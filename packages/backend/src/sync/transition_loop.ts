import type { Engine } from "@tandem/engine";
import { isApiError, splitTransition } from "@tandem/protocol";
import type { Caller } from "../auth/caller.ts";
import type { LiveQueries } from "../live/live_queries.ts";
import type { LiveResult } from "../live/live_result.ts";
import type { Seams } from "../seams.ts";
import type { Outbox } from "./outbox.ts";
import type { QuerySet, WatchedQuery } from "./query_set.ts";
import {
  INITIAL_SESSION_VERSION,
  type Modification,
  type SessionVersion,
  type TransitionEncoder,
} from "./transitions.ts";

export interface TransitionLoopParts {
  readonly engine: Pick<Engine, "durable">;
  readonly live: LiveQueries;
  readonly seams: Seams;
  readonly encoder: TransitionEncoder;
  readonly queries: QuerySet;
  readonly outbox: Outbox;
  /** Bytes of a chunk for clients that take transitions in chunks, `null` for those that do not (P §1.4). */
  readonly chunkBytes: number | null;
  /** Whose queries these are, and the versions received so far. Throws when the caller's credentials have run out. */
  readonly subject: () => { readonly caller: Caller; readonly querySet: number; readonly identity: number };
  /** The client's clock minus ours at Connect, in milliseconds. */
  readonly clockSkew: () => number | null;
  /** Ends the session. */
  readonly fail: (error: unknown) => void;
}

/** At most one transition is under way; whatever happens meanwhile is folded into the next (P §1.5). */
type State =
  | { readonly kind: "idle" }
  /** Woken; begins when the current turn's input has been handled, so that one turn makes one transition. */
  | { readonly kind: "scheduled" }
  | { readonly kind: "running"; again: boolean }
  /** Woken while the client lags behind: goes on when it has taken what it was sent. */
  | { readonly kind: "full" }
  /** The system had trouble with a query: the same transition is tried again later. */
  | { readonly kind: "retrying"; readonly timer: unknown }
  | { readonly kind: "ended" };

const IDLE: State = { kind: "idle" };
const SCHEDULED: State = { kind: "scheduled" };
const FULL: State = { kind: "full" };

interface Taken {
  readonly dirty: readonly WatchedQuery[];
  readonly removed: readonly number[];
}

const NO_MODIFICATIONS: readonly Modification[] = [];

const FIRST_RETRY_MILLISECONDS = 500;
const LAST_RETRY_MILLISECONDS = 600_000;

/** Brings one client from state to state: all its queries at one timestamp, each time. */
export class TransitionLoop {
  readonly #parts: TransitionLoopParts;
  #state: State = IDLE;
  #sent: SessionVersion = INITIAL_SESSION_VERSION;
  #retryDelay = 0;

  constructor(parts: TransitionLoopParts) {
    this.#parts = parts;
  }

  /** How far the client has been brought. */
  get sent(): SessionVersion {
    return this.#sent;
  }

  /** A transition is due. */
  wake(): void {
    switch (this.#state.kind) {
      case "idle":
        if (this.#parts.outbox.isFull) {
          this.#state = FULL;
        } else {
          this.#state = SCHEDULED;
          this.#parts.seams.timers.setImmediate(this.#begin);
        }
        break;
      case "running":
        this.#state.again = true;
        break;
      case "scheduled":
      case "full":
      case "retrying":
      case "ended":
        break;
      default:
        this.#state satisfies never;
    }
  }

  /** The client has taken what it was sent. */
  drained(): void {
    if (this.#state.kind === "full") {
      this.#state = IDLE;
      this.wake();
    }
  }

  end(): void {
    if (this.#state.kind === "retrying") {
      this.#parts.seams.timers.clearTimeout(this.#state.timer);
    }
    this.#state = { kind: "ended" };
  }

  readonly #begin = (): void => {
    if (this.#state.kind === "ended") {
      return;
    }
    const { engine, queries, live } = this.#parts;
    const running: State = { kind: "running", again: false };
    this.#state = running;
    let subject: ReturnType<TransitionLoopParts["subject"]>;
    try {
      subject = this.#parts.subject();
    } catch (error) {
      this.#parts.fail(error);
      return;
    }
    const at = Math.max(engine.durable, this.#sent.ts);
    const end: SessionVersion = { querySet: subject.querySet, identity: subject.identity, ts: at };
    const taken = queries.take();
    const results: (LiveResult | Promise<LiveResult>)[] = [];
    let waits = false;
    for (const watched of taken.dirty) {
      const result = live.get(watched.query, subject.caller, at);
      waits ||= result instanceof Promise;
      results.push(result);
    }
    if (!waits) {
      this.#finish(end, taken, results as LiveResult[]);
      return;
    }
    Promise.all(results).then(
      (all) => this.#finish(end, taken, all),
      (error) => this.#retry(error, taken),
    );
  };

  #finish(end: SessionVersion, taken: Taken, results: readonly LiveResult[]): void {
    const state = this.#state;
    if (state.kind !== "running") {
      return;
    }
    this.#retryDelay = 0;
    const modifications = this.#modifications(taken, results);
    const { encoder, chunkBytes, outbox, clockSkew, seams } = this.#parts;
    const skew = end.identity === this.#sent.identity ? null : clockSkew();
    const text = encoder.encode(this.#sent, end, modifications, skew, seams.clock.now());
    this.#sent = end;
    // A UTF-16 unit is at most three bytes of UTF-8: shorter texts cannot need chunks, and need no counting.
    if (chunkBytes !== null && 3 * text.length > chunkBytes && Buffer.byteLength(text) > chunkBytes) {
      outbox.sendTransition(splitTransition(text, chunkBytes).map((chunk) => JSON.stringify(chunk)));
    } else {
      outbox.sendTransition([text]);
    }
    this.#state = IDLE;
    if (state.again) {
      this.wake();
    }
  }

  /** What the client has not been told yet, by query id; from now on the queries hold these results. */
  #modifications(taken: Taken, results: readonly LiveResult[]): readonly Modification[] {
    if (taken.removed.length === 0 && taken.dirty.length === 0) {
      return NO_MODIFICATIONS;
    }
    const modifications: Modification[] = taken.removed.map((queryId) => ({ kind: "removed", queryId }));
    for (let i = 0; i < taken.dirty.length; i++) {
      const watched = taken.dirty[i]!;
      const entry = results[i]!;
      if (!this.#parts.queries.contains(watched)) {
        continue;
      }
      if (watched.sent !== entry.result.fingerprint) {
        watched.sent = entry.result.fingerprint;
        modifications.push({ kind: "result", queryId: watched.queryId, result: entry.result });
      }
      watched.hold(entry);
    }
    return modifications.sort((a, b) => a.queryId - b.queryId);
  }

  #retry(error: unknown, taken: Taken): void {
    if (this.#state.kind !== "running") {
      return;
    }
    if (!isApiError(error) || error.isDeterministic) {
      this.#parts.fail(error);
      return;
    }
    this.#parts.queries.restore(taken);
    this.#retryDelay = Math.min(
      Math.max(2 * this.#retryDelay, FIRST_RETRY_MILLISECONDS),
      LAST_RETRY_MILLISECONDS,
    );
    const timer = this.#parts.seams.timers.setTimeout(this.#begin, this.#retryDelay);
    this.#state = { kind: "retrying", timer };
  }
}

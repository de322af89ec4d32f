import {
  type ClientMessage,
  decodeTs,
  parseClientMessage,
  type QuerySetModification,
} from "@tandem/protocol";
import type { Identity } from "@tandem/runtime";
import type { JSONValue } from "@tandem/values";

interface Watched {
  readonly path: string;
  readonly args: string;
}

interface WireVersion {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: string;
}

interface WireTransition {
  readonly type: "Transition";
  readonly startVersion: WireVersion;
  readonly endVersion: WireVersion;
  readonly modifications: readonly {
    readonly type: "QueryUpdated" | "QueryFailed" | "QueryRemoved";
    readonly queryId: number;
    readonly value?: JSONValue;
    readonly errorMessage?: string;
  }[];
}

/** A query's outcome as text: `=` and the value's JSON, or `!` for an error. */
export type Outcome = string;

export interface Checked {
  /** Runs a query anew at a timestamp, in microseconds. */
  readonly fresh: (path: string, args: string, identity: Identity, at: number) => Outcome;
  /** Who a credential makes its bearer. */
  readonly identity: (message: Extract<ClientMessage, { type: "Authenticate" }>) => Identity;
}

/**
 * Follows one connection on the server's side and judges each transition as it is sent: it begins where the last
 * one ended, no query of the set lacks a result, and every result is what a fresh run at its timestamp answers.
 */
export class ConnectionCheck {
  /** Transitions and single results judged. */
  readonly counts = { transitions: 0, results: 0 };
  readonly #checked: Checked;
  #version: WireVersion = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };
  readonly #querySets: {
    readonly version: number;
    readonly modifications: readonly QuerySetModification[];
  }[] = [];
  readonly #identities: { readonly version: number; readonly identity: Identity }[] = [];
  #identity: Identity = null;
  readonly #queries = new Map<number, Watched>();
  readonly #results = new Map<number, Outcome>();

  constructor(checked: Checked) {
    this.#checked = checked;
  }

  /** Microseconds; how far the client is brought by what was sent. */
  get ts(): number {
    return Number(decodeTs(this.#version.ts) / 1000n);
  }

  received(text: string): void {
    const message = parseClientMessage(text);
    if (message.type === "ModifyQuerySet") {
      this.#querySets.push({ version: message.newVersion, modifications: message.modifications });
    }
    if (message.type === "Authenticate") {
      this.#identities.push({
        version: message.baseVersion + 1,
        identity: this.#checked.identity(message),
      });
    }
  }

  /** Throws when what is sent is not true. */
  sent(text: string): void {
    const message = JSON.parse(text) as { type: string };
    if (message.type === "Transition") this.#transition(message as WireTransition);
  }

  /** Do the results that were sent last still hold at `at`? */
  isCurrentAt(at: number): boolean {
    return [...this.#queries].every(
      ([queryId, { path, args }]) =>
        this.#results.get(queryId) === this.#checked.fresh(path, args, this.#identity, at),
    );
  }

  #transition({ startVersion, endVersion, modifications }: WireTransition): void {
    this.counts.transitions++;
    const at = Number(decodeTs(endVersion.ts) / 1000n);
    if (JSON.stringify(startVersion) !== JSON.stringify(this.#version)) {
      throw new Error(
        `A transition begins at ${JSON.stringify(startVersion)}, the last one ended at ${JSON.stringify(this.#version)}.`,
      );
    }
    if (at < this.ts) throw new Error(`Time goes backwards, from ${this.ts} to ${at}.`);
    this.#version = endVersion;
    this.#takeQuerySets(endVersion.querySet);
    while (this.#identities.length > 0 && this.#identities[0]!.version <= endVersion.identity) {
      this.#identity = this.#identities.shift()!.identity;
    }
    for (const { type, queryId, value } of modifications) {
      if (type === "QueryRemoved") this.#results.delete(queryId);
      else this.#results.set(queryId, type === "QueryFailed" ? "!" : `=${JSON.stringify(value)}`);
    }
    this.#judge(at);
  }

  #takeQuerySets(upTo: number): void {
    while (this.#querySets.length > 0 && this.#querySets[0]!.version <= upTo) {
      for (const modification of this.#querySets.shift()!.modifications) {
        if (modification.type === "Remove") this.#queries.delete(modification.queryId);
        else {
          const { queryId, udfPath, args } = modification;
          this.#queries.set(queryId, {
            path: udfPath,
            args: JSON.stringify(Array.isArray(args) ? args[0] : args),
          });
        }
      }
    }
  }

  #judge(at: number): void {
    // Nobody waits any more for what the client has taken back, although this transition is from before that.
    const leaving = new Set(
      this.#querySets.flatMap(({ modifications }) =>
        modifications.filter(({ type }) => type === "Remove").map(({ queryId }) => queryId),
      ),
    );
    for (const [queryId, { path, args }] of this.#queries) {
      if (leaving.has(queryId)) continue;
      this.counts.results++;
      const held = this.#results.get(queryId);
      const expected = this.#checked.fresh(path, args, this.#identity, at);
      if (held === expected) continue;
      throw new Error(
        `At ${at} query ${queryId}, ${path} ${args}, is ${held ?? "without a result"}, but a fresh run for ${JSON.stringify(this.#identity)} answers ${expected}.`,
      );
    }
  }
}

import type { Engine, Timestamp } from "@tandem/engine";
import type { Caller } from "../auth/caller.ts";
import { identityOf } from "../auth/caller.ts";
import type { QueryRun } from "../execute/outcome.ts";
import { IdleResults } from "./idle_results.ts";
import { LiveResult, type Watcher } from "./live_result.ts";
import { identityKeyText, type LiveQueryKey, queryKeyText } from "./query_key.ts";
import { encodeResult } from "./query_result.ts";

/** Runs a query once at a snapshot. Never throws: it rejects. */
export type RunQuery = (query: LiveQueryKey, caller: Caller, at: Timestamp) => Promise<QueryRun>;

export interface LiveQueriesOptions {
  readonly engine: Pick<Engine, "subscribe" | "durable">;
  readonly run: RunQuery;
  readonly now: () => number;
  /** Results without watchers are kept while their sizes add up to less than this many bytes. */
  readonly cacheBytes: number;
  /** A result that looked at the clock is handed to new readers for so many milliseconds (R §3.5). */
  readonly timeDependentMilliseconds: number;
}

/** Most of the queries that are kept have one result for everybody and no run under way: they share this. */
const NONE = new Map<string, never>();

/** All that is known about one query, whoever asks it. */
interface Query {
  /** The result that serves everybody, when the last run did not ask who the caller is. */
  shared: LiveResult | null;
  perIdentity: Map<string, LiveResult>;
  /** Runs under way, by identity. */
  running: Map<string, Promise<LiveResult>>;
  /** Did the last run ask who the caller is? Unknown before the first. */
  usesIdentity: boolean | null;
}

/**
 * Every query that somebody watches or has asked lately, each with one current result.
 *
 * A result's read set is a subscription of the engine: a commit that touches it makes the result stale and wakes
 * its watchers. Whoever then asks first starts the one new run; all others share it.
 */
export class LiveQueries {
  readonly #options: LiveQueriesOptions;
  readonly #queries = new Map<string, Query>();
  readonly #idle = new IdleResults();
  #invalidatedAt: Timestamp = 0;

  constructor(options: LiveQueriesOptions) {
    this.#options = options;
  }

  /** A result that holds at `at`: at once when one is known. `at` must be on disk. Rejects when the system failed. */
  get(query: LiveQueryKey, caller: Caller, at: Timestamp): LiveResult | Promise<LiveResult> {
    const key = queryKeyText(query);
    const identity = callerKeyText(caller);
    const state = this.#queries.get(key);
    if (state === undefined) {
      return this.#start(key, this.#newState(key), query, caller, identity, at);
    }
    return this.#known(state, identity, at) ?? this.#run(key, query, caller, identity, at);
  }

  watch(entry: LiveResult, watcher: Watcher): void {
    this.#idle.delete(entry);
    entry.watchers.add(watcher);
  }

  unwatch(entry: LiveResult, watcher: Watcher): void {
    if (entry.watchers.delete(watcher) && entry.watchers.size === 0 && entry.staleFrom === null) {
      if (entry.result.run.usedRandom) {
        this.#forget(entry);
      } else {
        this.#enterIdle(entry);
      }
    }
  }

  /** Functions or their environment have changed: every result is stale from `ts` on. */
  invalidateAll(ts: Timestamp): void {
    this.#invalidatedAt = ts;
    for (const query of [...this.#queries.values()]) {
      for (const entry of query.shared === null
        ? [...query.perIdentity.values()]
        : [query.shared, ...query.perIdentity.values()]) {
        this.#stale(entry, ts);
      }
    }
  }

  /** Drops every result without watchers. */
  clearIdle(): void {
    for (let entry = this.#idle.oldest; entry !== null; entry = this.#idle.oldest) {
      this.#forget(entry);
    }
  }

  /** How many results are kept, watched or not. */
  get size(): number {
    let size = 0;
    for (const query of this.#queries.values()) {
      size += query.perIdentity.size + (query.shared === null ? 0 : 1);
    }
    return size;
  }

  #known(query: Query, identity: string, at: Timestamp): LiveResult | null {
    const entry = query.shared?.holdsAt(at) ? query.shared : query.perIdentity.get(identity);
    if (entry === undefined || !entry.holdsAt(at)) {
      return null;
    }
    if (entry.result.run.usedTime && entry.watchers.size === 0 && this.#tooOld(entry)) {
      this.#forget(entry);
      return null;
    }
    if (entry.idle !== null) {
      this.#idle.add(entry);
    }
    return entry;
  }

  #tooOld(entry: LiveResult): boolean {
    return this.#options.now() - entry.ranAt > this.#options.timeDependentMilliseconds;
  }

  async #run(
    key: string,
    query: LiveQueryKey,
    caller: Caller,
    identity: string,
    at: Timestamp,
  ): Promise<LiveResult> {
    for (;;) {
      const state = this.#queries.get(key) ?? this.#newState(key);
      const known = this.#known(state, identity, at);
      if (known !== null) {
        return known;
      }
      const underWay =
        state.running.get(identity) ?? (state.usesIdentity === false ? first(state.running) : undefined);
      if (underWay === undefined) {
        return this.#start(key, state, query, caller, identity, at);
      }
      const result = await underWay;
      if (result.holdsAt(at) && (result.identity === null || result.identity === identity)) {
        return result;
      }
    }
  }

  #start(
    key: string,
    state: Query,
    query: LiveQueryKey,
    caller: Caller,
    identity: string,
    at: Timestamp,
  ): Promise<LiveResult> {
    const ended = () => {
      state.running.delete(identity);
      if (state.running.size === 0) {
        state.running = NONE;
      }
      this.#dropIfEmpty(key, state);
    };
    const running = this.#options.run(query, caller, at).then(
      (run) => {
        try {
          return this.#keep(key, state, run, identity, at);
        } finally {
          ended();
        }
      },
      (error) => {
        ended();
        throw error;
      },
    );
    if (state.running === NONE) {
      state.running = new Map();
    }
    state.running.set(identity, running);
    return running;
  }

  #keep(key: string, state: Query, run: QueryRun, identity: string, at: Timestamp): LiveResult {
    state.usesIdentity = run.usedIdentity;
    const entry = new LiveResult(
      key,
      run.usedIdentity ? identity : null,
      encodeResult(at, run),
      this.#options.now(),
    );
    if (at < this.#invalidatedAt) {
      // It ran the functions of before: good for the reader at that snapshot, for nobody after it.
      entry.staleFrom = at + 1;
      return entry;
    }
    const current = run.usedIdentity ? state.perIdentity.get(identity) : state.shared;
    if (current !== undefined && current !== null) {
      if (current.holdsAt(at)) {
        return current;
      }
      if (current.staleFrom === null) {
        // A reader at an older snapshot must not displace the current result.
        entry.staleFrom = at + 1;
        return entry;
      }
    }
    if (run.usedIdentity) {
      if (state.perIdentity === NONE) {
        state.perIdentity = new Map();
      }
      state.perIdentity.set(identity, entry);
    } else {
      state.shared = entry;
    }
    entry.subscription = this.#options.engine.subscribe(run.reads, at, (ts) => this.#stale(entry, ts));
    if (entry.staleFrom === null) {
      this.#enterIdle(entry);
    }
    return entry;
  }

  #stale(entry: LiveResult, ts: Timestamp): void {
    if (entry.staleFrom !== null) {
      return;
    }
    entry.staleFrom = ts;
    this.#forget(entry);
    for (const watcher of [...entry.watchers]) {
      watcher.stale(entry);
    }
  }

  #forget(entry: LiveResult): void {
    entry.subscription?.cancel();
    entry.subscription = null;
    // A reader may have been given it and not watch it yet: it will hear of no change, so it must not rely on it.
    entry.staleFrom ??= entry.result.at + 1;
    this.#idle.delete(entry);
    const state = this.#queries.get(entry.key);
    if (state === undefined) {
      return;
    }
    if (state.shared === entry) {
      state.shared = null;
    }
    if (entry.identity !== null && state.perIdentity.get(entry.identity) === entry) {
      state.perIdentity.delete(entry.identity);
    }
    this.#dropIfEmpty(entry.key, state);
  }

  #newState(key: string): Query {
    const state: Query = { shared: null, perIdentity: NONE, running: NONE, usesIdentity: null };
    this.#queries.set(key, state);
    return state;
  }

  #dropIfEmpty(key: string, state: Query): void {
    if (
      state.shared === null &&
      state.perIdentity.size === 0 &&
      state.running.size === 0 &&
      this.#queries.get(key) === state
    ) {
      this.#queries.delete(key);
    }
  }

  /** Others make room for it; by itself it may be larger than the bound. */
  #enterIdle(entry: LiveResult): void {
    this.#idle.add(entry);
    for (
      let oldest = this.#idle.oldest;
      this.#idle.bytes > this.#options.cacheBytes && oldest !== null && oldest !== entry;
      oldest = this.#idle.oldest
    ) {
      this.#forget(oldest);
    }
  }
}

function first(running: ReadonlyMap<string, Promise<LiveResult>>): Promise<LiveResult> | undefined {
  for (const run of running.values()) {
    return run;
  }
  return undefined;
}

/** Admins are told apart from users: what an admin may see, nobody else gets from the cache. */
function callerKeyText(caller: Caller): string {
  const identity = identityKeyText(identityOf(caller));
  return caller.kind === "admin" ? `admin ${identity}` : identity;
}

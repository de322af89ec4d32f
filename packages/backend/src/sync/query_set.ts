import type { LiveQueries } from "../live/live_queries.ts";
import type { LiveResult, Watcher } from "../live/live_result.ts";
import type { LiveQueryKey } from "../live/query_key.ts";

/** One query of one socket. */
export class WatchedQuery implements Watcher {
  readonly queryId: number;
  query: LiveQueryKey;
  /** The result that the client has, or is about to get; told us when it goes stale. */
  #entry: LiveResult | null = null;
  /** The fingerprint of what the client was sent last; nothing before its first result. */
  sent: string | null = null;
  readonly #live: LiveQueries;
  readonly #dirty: (query: WatchedQuery) => void;

  /** `dirty` is called when the client's result no longer holds. */
  constructor(queryId: number, query: LiveQueryKey, live: LiveQueries, dirty: (query: WatchedQuery) => void) {
    this.queryId = queryId;
    this.query = query;
    this.#live = live;
    this.#dirty = dirty;
  }

  /** From now on `entry` is this query's result. */
  hold(entry: LiveResult): void {
    if (this.#entry !== entry) {
      this.release();
      this.#entry = entry;
      this.#live.watch(entry, this);
    }
    if (entry.staleFrom !== null) {
      this.stale();
    }
    const { journal } = entry.result.run;
    if (journal !== null && journal !== this.query.journal) {
      this.query = { ...this.query, journal };
    }
  }

  release(): void {
    if (this.#entry !== null) {
      this.#live.unwatch(this.#entry, this);
      this.#entry = null;
    }
  }

  stale(): void {
    this.#dirty(this);
  }
}

const NOTHING = { dirty: [], removed: [] } as const;

/** The queries of one socket, and which of them need a look in the next transition. */
export class QuerySet {
  readonly #queries = new Map<number, WatchedQuery>();
  readonly #live: LiveQueries;
  readonly #wake: () => void;
  readonly #dirty = new Set<WatchedQuery>();
  #removed: number[] = [];

  constructor(live: LiveQueries, wake: () => void) {
    this.#live = live;
    this.#wake = wake;
  }

  has(queryId: number): boolean {
    return this.#queries.has(queryId);
  }

  add(queryId: number, query: LiveQueryKey): void {
    const watched = new WatchedQuery(queryId, query, this.#live, this.#markDirty);
    this.#queries.set(queryId, watched);
    this.#dirty.add(watched);
  }

  remove(queryId: number): void {
    const watched = this.#queries.get(queryId)!;
    this.#queries.delete(queryId);
    this.#dirty.delete(watched);
    watched.release();
    this.#removed.push(queryId);
  }

  contains(watched: WatchedQuery): boolean {
    return this.#queries.get(watched.queryId) === watched;
  }

  /** The identity has changed: no result can be trusted to be this caller's. */
  markAllDirty(): void {
    for (const watched of this.#queries.values()) {
      this.#dirty.add(watched);
    }
  }

  /** Admins reach internal functions; whoever comes after them on this socket does not. */
  setInternal(internal: boolean): void {
    for (const watched of this.#queries.values()) {
      watched.query = { ...watched.query, internal };
    }
  }

  /** Put back what a transition that came to nothing had taken. */
  restore(taken: { dirty: readonly WatchedQuery[]; removed: readonly number[] }): void {
    for (const watched of taken.dirty) {
      if (this.contains(watched)) {
        this.#dirty.add(watched);
      }
    }
    this.#removed.push(...taken.removed);
  }

  /** What the next transition has to look at; asks for it only once. */
  take(): { readonly dirty: readonly WatchedQuery[]; readonly removed: readonly number[] } {
    if (this.#dirty.size === 0 && this.#removed.length === 0) {
      return NOTHING;
    }
    const taken = { dirty: [...this.#dirty], removed: this.#removed };
    this.#dirty.clear();
    this.#removed = [];
    return taken;
  }

  releaseAll(): void {
    for (const watched of this.#queries.values()) {
      watched.release();
    }
    this.#queries.clear();
    this.#dirty.clear();
  }

  readonly #markDirty = (watched: WatchedQuery): void => {
    if (this.contains(watched)) {
      this.#dirty.add(watched);
      this.#wake();
    }
  };
}

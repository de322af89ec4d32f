import type { Subscription, Timestamp } from "@tandem/engine";
import type { QueryResult } from "./query_result.ts";

/** Told, synchronously, that a result it was given no longer holds. */
export interface Watcher {
  stale(entry: LiveResult): void;
}

/** A result that is known to hold from `result.at` until it is told stale. */
export class LiveResult {
  readonly key: string;
  readonly identity: string | null;
  readonly result: QueryResult;
  readonly ranAt: number;
  readonly size: number;
  readonly watchers = new Set<Watcher>();
  /** The commit that ended it; it still holds at every snapshot before. */
  staleFrom: Timestamp | null = null;
  subscription: Subscription | null = null;
  /** Its place among results that nobody watches; for {@link IdleResults} only. */
  idle: { older: LiveResult | null; newer: LiveResult | null } | null = null;

  constructor(key: string, identity: string | null, result: QueryResult, ranAt: number) {
    this.key = key;
    this.identity = identity;
    this.result = result;
    this.ranAt = ranAt;
    this.size = 2 * result.tail.length + 512;
  }

  holdsAt(at: Timestamp): boolean {
    return this.result.at <= at && (this.staleFrom === null || at < this.staleFrom);
  }
}

import type { Subscription } from "../engine.ts";
import { IntervalMap } from "../indexes/interval_map.ts";
import type { IndexId, PublishedCommit } from "../log/commit.ts";
import type { Timestamp } from "../timestamp.ts";
import type { ReadRange } from "../transaction/read_set_entry.ts";

interface Subscriber {
  readonly reads: readonly ReadRange[];
  /** It knows everything up to here. */
  readonly since: Timestamp;
  readonly changed: (ts: Timestamp) => void;
}

/** Who wants to hear when something it has read changes: each hears it once. */
export class Subscriptions {
  readonly #indexes = new Map<IndexId, IntervalMap<Subscriber>>();
  readonly #waiting = new Set<Subscriber>();

  /** How many are waiting. */
  get size(): number {
    return this.#waiting.size;
  }

  add(reads: readonly ReadRange[], since: Timestamp, changed: (ts: Timestamp) => void): Subscription {
    const subscriber: Subscriber = { reads, since, changed };
    for (const { indexId, start, end } of reads) {
      let map = this.#indexes.get(indexId);
      if (map === undefined) {
        map = new IntervalMap();
        this.#indexes.set(indexId, map);
      }
      map.insert(start, end, subscriber);
    }
    this.#waiting.add(subscriber);
    return { cancel: () => this.#remove(subscriber) };
  }

  #remove(subscriber: Subscriber): void {
    if (!this.#waiting.delete(subscriber)) return;
    for (const { indexId, start, end } of subscriber.reads) {
      const map = this.#indexes.get(indexId);
      if (map === undefined) continue;
      map.remove(start, end, subscriber);
      if (map.isEmpty) this.#indexes.delete(indexId);
    }
  }

  /** Tells everybody whom these commits concern. */
  publish(commits: readonly PublishedCommit[]): void {
    if (this.#waiting.size === 0) return;
    const hit = new Set<Subscriber>();
    for (const { ts, touched } of commits) {
      hit.clear();
      for (let i = 0; i < touched.length; i++) {
        const { indexId, key } = touched[i]!;
        this.#indexes.get(indexId)?.stab(key, hit);
      }
      for (const subscriber of hit) {
        // One that was told before this one may have cancelled it.
        if (subscriber.since >= ts || !this.#waiting.has(subscriber)) continue;
        this.#remove(subscriber);
        subscriber.changed(ts);
      }
    }
  }
}

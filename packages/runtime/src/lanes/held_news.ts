import type { LaneNews } from "@tandem/engine";

/** A store whose reads share one view until it is renewed. */
export interface HeldStore {
  renew(): void;
}

/** For so long a view of the store is kept while there is something to do, in milliseconds. */
const HOLD = 100;

/**
 * Holds back, for a moment, the news of what has reached the disk.
 *
 * A write lane has in memory whatever the disk has not: nothing forces it to look at the newest file. Kept for a
 * tenth of a second, one view of the file serves a thousand transactions from memory, and documents that are
 * written again and again are not read from the file at all. All other news pass at once, in order: that of the disk
 * only takes weight off the lane's memory, and the last one says all.
 */
export class HeldNews {
  readonly #pass: (news: LaneNews) => void;
  readonly #store: HeldStore;
  #waiting: Extract<LaneNews, { kind: "durable" }> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: HeldStore, pass: (news: LaneNews) => void) {
    this.#store = store;
    this.#pass = pass;
    store.renew();
  }

  news(news: LaneNews): void {
    if (news.kind !== "durable") {
      this.#pass(news);
      return;
    }
    this.#waiting = news;
    this.#timer ??= setTimeout(() => this.#renew(), HOLD);
  }

  close(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
  }

  #renew(): void {
    this.#timer = null;
    const news = this.#waiting!;
    this.#waiting = null;
    this.#store.renew();
    this.#pass(news);
  }
}

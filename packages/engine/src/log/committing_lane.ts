import type { LaneNews, LaneTransaction } from "../engine.ts";
import { InvariantError } from "../errors.ts";
import type { Timestamp } from "../timestamp.ts";

/** What the committer knows of a write lane. */
export class CommittingLane {
  readonly #news: (news: LaneNews) => void;
  /** Commits numbered up to this were on disk when the lane was opened: it has them in its store. */
  readonly opened: number;
  /** The number of the newest news about foreign commits. */
  lastNews = 0;
  /** The number of the newest withdrawal: who has not heard of it has read what never was. */
  withdrawn = 0;
  epoch = 1;
  lastSequence = 0;
  durableSequence = 0;
  isClosed = false;
  #epochHasBegun = true;

  constructor(news: (news: LaneNews) => void, opened: number) {
    this.#news = news;
    this.opened = opened;
  }

  tell(news: Extract<LaneNews, { sequence: number }>): void {
    this.lastNews = news.sequence;
    this.#news(news);
  }

  tellDurable(ts: Timestamp): void {
    this.#news({ kind: "durable", ts, laneSequence: this.durableSequence });
  }

  /** Refuses everything of this epoch from `laneSequence` on. */
  refuse(laneSequence: number): void {
    const { epoch } = this;
    this.epoch = epoch + 1;
    this.#epochHasBegun = false;
    this.#news({ kind: "refused", epoch, laneSequence });
  }

  /** Throws when `tx` is not the one that must come next. */
  checkOrder(tx: LaneTransaction): void {
    const follows = this.#epochHasBegun
      ? tx.laneSequence === this.lastSequence + 1
      : tx.laneSequence > this.lastSequence;
    if (tx.epoch !== this.epoch || !follows) {
      throw new InvariantError(
        `A lane must submit its transactions in order: got ${tx.laneSequence} of epoch ${tx.epoch} after ${this.lastSequence} of epoch ${this.epoch}.`,
      );
    }
    this.#epochHasBegun = true;
  }
}

import type { CommitOutcome, FinishedTransaction, LaneNews, LanePort } from "../engine.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { Timestamp } from "../timestamp.ts";
import type { WriteSet } from "./commit.ts";
import type { RecentWrites } from "./recent_writes.ts";

/** The newest state there is: what is on disk, and what lies over it on its way there. */
export interface NewestState {
  readonly durable: Timestamp;
  /** The newest accepted commit, on disk or not. */
  readonly accepted: Timestamp;
  /** The catalog with everything accepted. */
  readonly catalog: CatalogImage;
  /** Writes that were accepted and are not on disk yet, in order. */
  readonly afloat: Iterable<WriteSet>;
  /** To be given to `commit`. */
  readonly token: number;
}

/** Where host transactions become commits: in this thread (`Committer`), or in the database's own (`RemoteCommits`). */
export interface Commits {
  /** What has been committed in the last while. */
  readonly recent: RecentWrites;
  /** The newest commit on disk. */
  readonly durable: Timestamp;
  readonly durableCatalog: CatalogImage;

  /** Resolves when the transaction is on disk, or when it turned out to be overtaken. */
  commit(tx: FinishedTransaction, token?: number): Promise<CommitOutcome>;

  /**
   * Runs a transaction that has lost before, on the newest state there is: nobody overtakes it before it commits,
   * unless it waits for something other than the database.
   */
  onNewest<T>(attempt: (state: NewestState) => Promise<T>): Promise<T>;

  openLane(news: (news: LaneNews) => void): LanePort;

  /** Waits until everything accepted is on disk; takes nothing more. */
  close(): Promise<void>;
}

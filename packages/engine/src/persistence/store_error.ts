import type { Commit } from "../log/commit.ts";
import type { Timestamp } from "../timestamp.ts";

export type StoreErrorCode =
  /** The disk or the quota is full. Appending works again once there is space. */
  | "DISK_FULL"
  /** Another process (or this one) has the store open. */
  | "IN_USE"
  /** Written by a newer version of Tandem. */
  | "NEWER_FORMAT"
  /** Written by a version of Tandem whose files this one does not read. */
  | "OLDER_FORMAT"
  /** The file is something else than a Tandem database. */
  | "NOT_A_STORE"
  /** The caller lacks commits that the log no longer holds. */
  | "BEHIND_RETENTION"
  /** The committer handed over timestamps that do not ascend. */
  | "NOT_ASCENDING"
  /** What was written last may or may not be on disk: only opening the store again tells. */
  | "NOT_SYNCED"
  | "CLOSED"
  /** What is stored contradicts itself. */
  | "DAMAGED"
  /** The operating system or the database library failed otherwise. */
  | "FAILED";

/** A store could not do as it was asked. Unless the message says otherwise, nothing was written. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Throws unless the commits ascend from `head`: a committer that breaks this must not reach the store. */
export function assertAscending(head: Timestamp, commits: readonly Pick<Commit, "ts">[]): void {
  let last = head;
  for (const { ts } of commits) {
    if (!Number.isSafeInteger(ts) || ts <= last) {
      throw new StoreError(
        "NOT_ASCENDING",
        `A commit with the timestamp ${ts} cannot follow one with ${last}: timestamps are ascending safe integers. Nothing of the batch was written.`,
      );
    }
    last = ts;
  }
}

/** For an append whose caller is so far behind that the commits it missed are no longer all in the log. */
export function behindRetention(head: Timestamp, logStart: Timestamp): StoreError {
  return new StoreError(
    "BEHIND_RETENTION",
    `The log is kept from ${logStart} on, but the caller has only seen it up to ${head}: it cannot learn what it missed. Nothing was written. Restart this node, so that it reads the database afresh.`,
  );
}

export function closedStore(): StoreError {
  return new StoreError("CLOSED", "This store has been closed: open it again before using it.");
}

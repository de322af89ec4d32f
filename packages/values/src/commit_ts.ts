const UNRESOLVED =
  "This commit timestamp has no value yet: it gets one when the mutation commits. Read the document after the mutation has finished.";

/**
 * Stands for the timestamp of the commit that a mutation is going to make (`db.vars.commitTs`).
 * Written to a document field, it becomes an int64 when the mutation commits; until then it cannot be
 * used as a number (P §4.1).
 */
export class CommitTsPlaceholder {
  /**
   * The brand: several copies of this class meet in one program, so `instanceof` cannot tell. It sits on
   * the prototype, where no plain object of a user has it.
   */
  get isCommitTsPlaceholder(): true {
    return true;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new Error(UNRESOLVED);
  }

  valueOf(): never {
    throw new Error(UNRESOLVED);
  }

  toJSON(): never {
    throw new Error(UNRESOLVED);
  }

  toString(): string {
    return "[unresolved commit timestamp]";
  }
}

/** The one instance that decoding answers. */
export const commitTsPlaceholder: CommitTsPlaceholder = /* @__PURE__ */ new CommitTsPlaceholder();

/** Whether `value` is a placeholder of a commit timestamp, whichever copy of this package made it. */
export function isCommitTsPlaceholder(value: unknown): value is CommitTsPlaceholder {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { isCommitTsPlaceholder?: unknown }).isCommitTsPlaceholder === true &&
    !Object.hasOwn(value, "isCommitTsPlaceholder")
  );
}

/** What can be wrong with a history, by the names of the literature (Adya; Kingsbury & Alvaro, "Elle"). */
export type AnomalyKind =
  /** Two transactions changed the same version of a key: one of the changes is gone. */
  | "lost update"
  /** Two transactions read what the other one changed (G2-item). */
  | "write skew"
  /** As write skew, but what was read is that a row was not there, or was (G2). */
  | "phantom"
  /** Parts of two states were read as one (G-single). */
  | "read skew"
  /** What was read was never committed (G1a). */
  | "aborted read"
  /** What was read was overwritten by the very transaction that wrote it (G1b). */
  | "intermediate read"
  /** Two transactions saw each other's writes, or overwrote each other's (G0, G1c). */
  | "circular information flow"
  /** A client did not see what was committed before it began. */
  | "stale read"
  /** A client was told of a commit that is not in the log, or not whole. */
  | "lost write"
  /** A client was told that nothing happened, but it did. */
  | "resurrected write"
  /** A transaction did not see its own writes. */
  | "own write unseen"
  /** What was read has never been written by anybody, or a list whose order contradicts other reads. */
  | "garbage read"
  /** What was read is not the state at the timestamp that the commit was given. */
  | "timestamp order"
  /** A subscription was not told of a commit that changed its result. */
  | "missed change";

export interface Anomaly {
  readonly kind: AnomalyKind;
  /** What was seen, in full. */
  readonly text: string;
}

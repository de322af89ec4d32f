import type { TransitionChunk, WireTransition } from "./messages.ts";

/** Joins the parts of transitions that were too large for one message (P §1.4). */
export class TransitionChunks {
  #first: TransitionChunk | undefined;
  #parts: string[] = [];

  /** Forgets the parts collected so far. */
  discard(): void {
    this.#first = undefined;
    this.#parts = [];
  }

  /**
   * Adds a part; answers the transition when it was the last one.
   *
   * @throws Error when the part does not continue the parts before it; those are forgotten.
   */
  add(part: TransitionChunk): WireTransition | undefined {
    const { chunk, partNumber, totalParts, transitionId } = part;
    const first = this.#first;
    if (
      partNumber < 0 ||
      partNumber >= totalParts ||
      totalParts === 0 ||
      (first !== undefined && (first.totalParts !== totalParts || first.transitionId !== transitionId))
    ) {
      this.discard();
      throw new Error(`Invalid TransitionChunk: part ${partNumber} of ${totalParts}`);
    }
    if (partNumber !== this.#parts.length) {
      const expected = this.#parts.length;
      this.discard();
      throw new Error(`TransitionChunk received out of order: expected part ${expected}, got ${partNumber}`);
    }
    this.#first = part;
    this.#parts.push(chunk);
    if (this.#parts.length < totalParts) return undefined;
    const json = this.#parts.join("");
    this.discard();
    return JSON.parse(json) as WireTransition;
  }
}

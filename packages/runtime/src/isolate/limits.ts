/** What one call may use. All times in milliseconds. */
export interface IsolateLimits {
  /** The function's own JavaScript; waiting for the database does not count. */
  readonly userTime: number;
  /** From start to end, the database included. */
  readonly totalTime: number;
  /** JavaScript of one module graph while it is analysed at a push. */
  readonly analysisTime: number;
  /** Megabytes of heap a call may leave behind; more ends the isolate. */
  readonly heap: number;
  /**
   * Megabytes at which V8 itself stops the call. It has to be far above `heap`: V8 ends the whole process when one
   * allocation (a growing Map, say) does not fit under this bound, and only below it is an error thrown. What grows
   * for `userTime` stays under it.
   *
   * What is not bounded: one built-in operation that asks for more than this at once, such as `split("")` of a text
   * of 300 million characters or `Object.keys` of one. V8 ends the process there, and no other thread can prevent
   * it. What a built-in that only takes
   * long (`sort` of millions, powers of a BigInt) does past the time limit is not covered by a test.
   */
  readonly hardHeap: number;
}

/** R §2.5. */
export const DEFAULT_ISOLATE_LIMITS: IsolateLimits = {
  userTime: 1000,
  totalTime: 15_000,
  analysisTime: 4000,
  heap: 64,
  hardHeap: 640,
};

export function timeoutText(limits: IsolateLimits): string {
  return `Function execution timed out (maximum duration: ${limits.userTime / 1000}s)`;
}

export function outOfMemoryText(limits: IsolateLimits): string {
  return `JavaScript execution ran out of memory (maximum memory usage: ${limits.heap} MB)`;
}

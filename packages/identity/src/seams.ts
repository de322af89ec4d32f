/** What identity takes from the outside world; tests put their own in their place. */
export interface Seams {
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): number;
  };
  readonly timers: {
    setTimeout(run: () => void, milliseconds: number): unknown;
    clearTimeout(handle: unknown): void;
  };
  readonly random: {
    /** `length` unpredictable bytes. */
    bytes(length: number): Uint8Array;
  };
}

/** What the backend takes from the outside world; the simulation puts its own in their place. */
export interface Seams {
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): number;
  };
  readonly timers: {
    setTimeout(run: () => void, milliseconds: number): unknown;
    clearTimeout(handle: unknown): void;
    /** As soon as the current turn's input has been handled. */
    setImmediate(run: () => void): void;
  };
  readonly random: {
    /** `length` unpredictable bytes. */
    bytes(length: number): Uint8Array;
  };
  /** Outbound HTTP, for issuers' documents only. */
  readonly fetch: typeof globalThis.fetch;
}

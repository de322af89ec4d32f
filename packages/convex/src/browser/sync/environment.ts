/** What a timer function returned; only ever handed back to `clearTimeout`. */
export type TimerHandle = unknown;

/**
 * Everything a client takes from the world around it besides its WebSocket.
 *
 * The default is the real world; a simulation passes its own clock, timers and
 * randomness, so that a run replays from a seed.
 */
export interface Environment {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once after `milliseconds`. */
  setTimeout(callback: () => void, milliseconds: number): TimerHandle;
  clearTimeout(timer: TimerHandle): void;
  /** A number in [0, 1). */
  random(): number;
  /** A version 4 UUID. */
  randomUUID(): string;
  /** The page's event target (`online`, `beforeunload`), absent outside of browsers. */
  page: Pick<Window, "addEventListener" | "removeEventListener"> | undefined;
}

/** The clock, timers, randomness and page of the running program. */
export function realEnvironment(): Environment {
  return {
    now: () => Date.now(),
    setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as number),
    random: () => Math.random(),
    randomUUID,
    page: typeof window === "undefined" || !window.addEventListener ? undefined : window,
  };
}

// `crypto.randomUUID` is missing on plain-http pages and in React Native. The id only has to be
// unlikely to repeat: nobody gains anything by guessing one.
function randomUUID(): string {
  return "00000000-0000-4000-8000-000000000000".replace(/[08]/g, (digit) =>
    (digit === "8" ? 8 + Math.random() * 4 : Math.random() * 16).toString(16).charAt(0),
  );
}

import { ClerkRuntimeError } from "../errors.ts";

/** How often something is tried, and how many milliseconds after which failure (the first is 1). */
export type Patience = { tries: number; delay(failures: number): number };

/** Waits. */
export type Sleep = (milliseconds: number) => Promise<void>;

/** Sleeps by the platform's timer. */
export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Does something until it succeeds, fails for good, or has failed often enough;
 * then its last error is thrown.
 *
 * @param patience - asked after each failure, for the network may have gone meanwhile
 */
export async function persistently<T>(
  attempt: (tries: number) => Promise<T>,
  isPassing: (error: unknown) => boolean,
  patience: () => Patience,
  wait: Sleep = sleep,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await attempt(failures);
    } catch (error) {
      failures++;
      const { tries, delay } = patience();
      if (failures >= tries || !isPassing(error)) {
        throw error;
      }
      await wait(delay(failures));
    }
  }
}

/** The error of a request that never reached the server. */
export function networkError(url: string, cause: unknown): ClerkRuntimeError {
  const { origin, pathname } = new URL(url);
  return new ClerkRuntimeError(
    `The identity server at ${origin} could not be reached (${pathname}). Is it running, and does it allow this page's origin?`,
    { code: "network_error", cause },
  );
}

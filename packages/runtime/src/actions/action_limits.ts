/** What actions may use. Times in milliseconds (R §2.5). */
export interface ActionLimits {
  /** From the start of an action to its end, waiting included. */
  readonly totalTime: number;
  /** Megabytes of one action's heap. */
  readonly memory: number;
  /** Actions at once. */
  readonly concurrency: number;
  /** How long one waits for another to end before it is refused. */
  readonly patience: number;
  /** Isolates made ahead. */
  readonly spare: number;
}

export const DEFAULT_ACTION_LIMITS: ActionLimits = {
  totalTime: 1_800_000,
  memory: 64,
  concurrency: 64,
  patience: 10_000,
  spare: 1,
};

export function actionTimeoutText(limits: ActionLimits): string {
  return `Function execution timed out (maximum duration: ${limits.totalTime / 1000}s)`;
}

export function actionMemoryText(limits: ActionLimits): string {
  return `JavaScript execution ran out of memory (maximum memory usage: ${limits.memory} MB)`;
}

/**
 * Runs what is due once the current turn's input has been handled, with one immediate of Node's for all of it. What
 * that makes due in its turn (a transition, say, the sending of it) runs right after it; what comes of that waits
 * for the next turn, so that input is always heard in between.
 */
export function atTurnEnd(): (run: () => void) => void {
  let due: (() => void)[] = [];
  let isRunning = false;
  const runAll = (): void => {
    const all = due;
    due = [];
    for (let i = 0; i < all.length; i++) {
      try {
        all[i]!();
      } catch (error) {
        // Thrown where Node takes it for what it is, uncaught; the others are not to blame.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
  const turn = (): void => {
    isRunning = true;
    runAll();
    runAll();
    isRunning = false;
    if (due.length > 0) {
      setImmediate(turn);
    }
  };
  return (run) => {
    if (due.push(run) === 1 && !isRunning) {
      setImmediate(turn);
    }
  };
}

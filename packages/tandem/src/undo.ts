/** Steps that take back what a start has done. */
export type Undo = (() => Promise<void> | void)[];

/** In reverse order; each gets its turn, and the first failure is thrown at the end. */
export async function runAll(undo: Undo): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}

/** Runs asynchronous steps one after another, in the order in which they were given. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `step` does; a failed step does not stop those that follow. */
  run<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Resolves when every step given so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

import { ApiError } from "@tandem/protocol";

/** One socket's mutations: strictly one after another, in the order they came (P §1.5). */
export class MutationQueue {
  readonly #limit: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `run` never rejects. Throws when too many wait already. */
  push(run: () => Promise<void>): void {
    if (!this.#running) {
      this.#running = true;
      void this.#runAll(run);
      return;
    }
    if (this.#waiting.length >= this.#limit) {
      throw new ApiError(
        "Overloaded",
        "TooManyConcurrentMutations",
        `This client has ${this.#waiting.length} mutations waiting; wait for some of them to end.`,
      );
    }
    this.#waiting.push(run);
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.#waiting.length = 0;
  }

  async #runAll(first: () => Promise<void>): Promise<void> {
    let run: (() => Promise<void>) | undefined = first;
    while (run !== undefined) {
      await run();
      run = this.#waiting.shift();
    }
    this.#running = false;
  }
}

import { ApiError } from "@tandem/protocol";

export interface MutationRunner<Mutation> {
  /** Resolves when the mutation has ended and its answer is on its way. */
  run(mutation: Mutation): Promise<void>;
  /** Told why a run rejected. */
  failed(error: unknown): void;
}

/** One socket's mutations: strictly one after another, in the order they came (P §1.5). */
export class MutationQueue<Mutation> {
  readonly #limit: number;
  readonly #runner: MutationRunner<Mutation>;
  readonly #waiting: Mutation[] = [];
  #running = false;

  constructor(limit: number, runner: MutationRunner<Mutation>) {
    this.#limit = limit;
    this.#runner = runner;
  }

  /** Throws when too many wait already. */
  push(mutation: Mutation): void {
    if (!this.#running) {
      this.#running = true;
      this.#start(mutation);
      return;
    }
    if (this.#waiting.length >= this.#limit) {
      throw new ApiError(
        "Overloaded",
        "TooManyConcurrentMutations",
        `This client has ${this.#waiting.length} mutations waiting; wait for some of them to end.`,
      );
    }
    this.#waiting.push(mutation);
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.#waiting.length = 0;
  }

  #start(mutation: Mutation): void {
    this.#runner.run(mutation).then(this.#next, this.#failed);
  }

  readonly #next = (): void => {
    const mutation = this.#waiting.shift();
    if (mutation === undefined) {
      this.#running = false;
    } else {
      this.#start(mutation);
    }
  };

  readonly #failed = (error: unknown): void => {
    this.#runner.failed(error);
    this.#next();
  };
}

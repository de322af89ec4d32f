/** Collects what is sent within one event-loop turn, or one part of it, into one message. */
export class MessageBatch<T> {
  readonly #post: (messages: readonly T[]) => void;
  readonly #atEnd: (flush: () => void) => void;
  #messages: T[] = [];

  /**
   * `atEnd` calls back when the batch is to be posted: by default when the code that runs now has ended; with
   * `setImmediate`, when everything that has arrived in this turn has been looked at.
   */
  constructor(post: (messages: readonly T[]) => void, atEnd: (flush: () => void) => void = queueMicrotask) {
    this.#post = post;
    this.#atEnd = atEnd;
  }

  add(message: T): void {
    this.#messages.push(message);
    if (this.#messages.length === 1) this.#atEnd(() => this.flush());
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#post(messages);
  }
}

/** Collects what one event-loop turn sends into one message. */
export class MessageBatch<T> {
  readonly #post: (messages: readonly T[]) => void;
  #messages: T[] = [];

  constructor(post: (messages: readonly T[]) => void) {
    this.#post = post;
  }

  add(message: T): void {
    this.#messages.push(message);
    if (this.#messages.length === 1) queueMicrotask(() => this.flush());
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#post(messages);
  }
}

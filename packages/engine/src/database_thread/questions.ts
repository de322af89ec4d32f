import { InvariantError } from "../errors.ts";
import type { ToDatabase } from "./messages.ts";

/** Without its `number`. */
type Ask<T = ToDatabase> = T extends { readonly number: number } ? Omit<T, "number"> : never;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to the database's thread, and its answers. */
export class Questions {
  readonly #send: (message: ToDatabase) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #broken: Error | null = null;
  #drained: (() => void)[] = [];

  constructor(send: (message: ToDatabase) => void) {
    this.#send = send;
  }

  ask<T>(ask: Ask, sent: (number: number) => void = () => {}): Promise<T> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    return new Promise<T>((resolve, reject) => {
      const number = ++this.#last;
      this.#waiting.set(number, { resolve: resolve as (value: never) => void, reject });
      this.#send({ ...ask, number } as ToDatabase);
      sent(number);
    });
  }

  settle(number: number, answer: { readonly value: unknown } | { readonly error: Error }): void {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) {
      throw new InvariantError(`The database's thread answered ${number}, which nobody asked.`);
    }
    this.#waiting.delete(number);
    if ("error" in answer) waiting.reject(answer.error);
    else waiting.resolve(answer.value as never);
    if (this.#waiting.size === 0) for (const drained of this.#drained.splice(0)) drained();
  }

  /** Resolves when every question so far has its answer. */
  drained(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  break(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const drained of this.#drained.splice(0)) drained();
  }
}

import { DOMException } from "./dom_exception.ts";
import { Event, EventTarget } from "./event.ts";
import { setTimeout } from "./timers.ts";

const internal = Symbol("AbortSignal");

/** https://dom.spec.whatwg.org/#interface-AbortSignal */
export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown = undefined;
  #handler: ((event: Event) => void) | null = null;
  readonly #dependents: AbortSignal[] = [];

  constructor(key?: symbol) {
    if (key !== internal)
      throw new TypeError("Illegal constructor: an AbortSignal comes from an AbortController.");
    super();
  }

  static create(): AbortSignal {
    return new AbortSignal(internal);
  }

  static abortSignal(signal: AbortSignal, reason: unknown): void {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason =
      reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;
    signal.dispatchEvent(new Event("abort"));
    for (const dependent of signal.#dependents) AbortSignal.abortSignal(dependent, signal.#reason);
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }
  get onabort(): ((event: Event) => void) | null {
    return this.#handler;
  }
  set onabort(handler: ((event: Event) => void) | null) {
    if (this.#handler !== null) this.removeEventListener("abort", this.#handler);
    this.#handler = typeof handler === "function" ? handler : null;
    if (this.#handler !== null) this.addEventListener("abort", this.#handler);
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = AbortSignal.create();
    AbortSignal.abortSignal(signal, reason);
    return signal;
  }

  /** Milliseconds. Actions only, as every timer. */
  static timeout(milliseconds: number): AbortSignal {
    const signal = AbortSignal.create();
    setTimeout(() => {
      AbortSignal.abortSignal(
        signal,
        new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      );
    }, milliseconds);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const result = AbortSignal.create();
    const sources = [...signals];
    for (const source of sources) {
      if (source.#aborted) {
        AbortSignal.abortSignal(result, source.#reason);
        return result;
      }
    }
    for (const source of sources) source.#dependents.push(result);
    return result;
  }
}

export class AbortController {
  readonly #signal = AbortSignal.create();
  get signal(): AbortSignal {
    return this.#signal;
  }
  abort(reason?: unknown): void {
    AbortSignal.abortSignal(this.#signal, reason);
  }
}

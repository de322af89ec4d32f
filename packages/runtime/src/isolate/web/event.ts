import { DOMException } from "./dom_exception.ts";

interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** https://dom.spec.whatwg.org/#interface-event, without a tree to travel through. */
export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = 2;
  static readonly BUBBLING_PHASE = 3;

  readonly #type: string;
  readonly #bubbles: boolean;
  readonly #cancelable: boolean;
  readonly #composed: boolean;
  #target: EventTarget | null = null;
  #dispatching = false;
  #canceled = false;
  #stopped = false;
  #passive = false;

  constructor(type: string, init: EventInit = {}) {
    if (type === undefined) throw new TypeError("Event needs a type.");
    this.#type = String(type);
    this.#bubbles = Boolean(init?.bubbles);
    this.#cancelable = Boolean(init?.cancelable);
    this.#composed = Boolean(init?.composed);
  }

  get type(): string {
    return this.#type;
  }
  get bubbles(): boolean {
    return this.#bubbles;
  }
  get cancelable(): boolean {
    return this.#cancelable;
  }
  get composed(): boolean {
    return this.#composed;
  }
  get target(): EventTarget | null {
    return this.#target;
  }
  get srcElement(): EventTarget | null {
    return this.#target;
  }
  get currentTarget(): EventTarget | null {
    return this.#dispatching ? this.#target : null;
  }
  get eventPhase(): number {
    return this.#dispatching ? Event.AT_TARGET : Event.NONE;
  }
  get defaultPrevented(): boolean {
    return this.#canceled;
  }
  get returnValue(): boolean {
    return !this.#canceled;
  }
  get isTrusted(): boolean {
    return false;
  }
  get timeStamp(): number {
    return 0;
  }
  get cancelBubble(): boolean {
    return false;
  }
  composedPath(): EventTarget[] {
    return this.#dispatching && this.#target !== null ? [this.#target] : [];
  }
  preventDefault(): void {
    if (this.#cancelable && !this.#passive) this.#canceled = true;
  }
  stopPropagation(): void {}
  stopImmediatePropagation(): void {
    this.#stopped = true;
  }

  static dispatch(
    event: Event,
    target: EventTarget,
    listeners: readonly Listener[],
    remove: (listener: Listener) => void,
  ): boolean {
    if (event.#dispatching)
      throw new DOMException("The event is already being dispatched.", "InvalidStateError");
    event.#dispatching = true;
    event.#target = target;
    try {
      for (const listener of listeners) {
        if (listener.removed) continue;
        if (listener.once) remove(listener);
        event.#passive = listener.passive;
        const { callback } = listener;
        if (typeof callback === "function") callback.call(target, event);
        else callback.handleEvent(event);
        if (event.#stopped) break;
      }
    } finally {
      event.#dispatching = false;
      event.#passive = false;
      event.#stopped = false;
    }
    return !event.#canceled;
  }
}

export class CustomEvent<Detail = unknown> extends Event {
  readonly #detail: Detail | null;
  constructor(type: string, init: EventInit & { detail?: Detail } = {}) {
    super(type, init);
    this.#detail = init?.detail ?? null;
  }
  get detail(): Detail | null {
    return this.#detail;
  }
}

type Callback = ((event: Event) => void) | { handleEvent(event: Event): void };

interface Listener {
  readonly type: string;
  readonly callback: Callback;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  removed: boolean;
}

interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: EventTarget & { readonly aborted: boolean };
}

/** https://dom.spec.whatwg.org/#interface-eventtarget. An error of a listener reaches who dispatched. */
export class EventTarget {
  readonly #listeners: Listener[] = [];

  addEventListener(type: string, callback: Callback | null, options?: boolean | ListenerOptions): void {
    if (callback === null || callback === undefined) return;
    const given: ListenerOptions =
      typeof options === "object" && options !== null ? options : { capture: options === true };
    const capture = given.capture === true;
    if (given.signal?.aborted === true) return;
    if (this.#find(type, callback, capture) !== undefined) return;
    const listener: Listener = {
      type: String(type),
      callback,
      capture,
      once: given.once === true,
      passive: given.passive === true,
      removed: false,
    };
    this.#listeners.push(listener);
    given.signal?.addEventListener("abort", () => this.#remove(listener));
  }

  removeEventListener(
    type: string,
    callback: Callback | null,
    options?: boolean | { capture?: boolean },
  ): void {
    if (callback === null) return;
    const capture =
      typeof options === "object" && options !== null ? options.capture === true : options === true;
    const listener = this.#find(type, callback, capture);
    if (listener !== undefined) this.#remove(listener);
  }

  dispatchEvent(event: Event): boolean {
    if (!(event instanceof Event)) throw new TypeError("dispatchEvent needs an Event.");
    const listeners = this.#listeners.filter((listener) => listener.type === event.type);
    return Event.dispatch(event, this, listeners, (listener) => this.#remove(listener));
  }

  #find(type: string, callback: Callback, capture: boolean): Listener | undefined {
    return this.#listeners.find(
      (one) => one.type === String(type) && one.callback === callback && one.capture === capture,
    );
  }

  #remove(listener: Listener): void {
    listener.removed = true;
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }
}

type Stores = ReadonlyMap<AsyncLocalStorage, unknown>;

const none: Stores = new Map();
let current: Stores = none;

/** Forgets what the call before left behind. */
export function resetAsyncContext(): void {
  current = none;
}

function within<Result>(stores: Stores, run: () => Result): Result {
  const before = current;
  current = stores;
  try {
    return run();
  } finally {
    current = before;
  }
}

type Callable<Result> = (...parameters: unknown[]) => Result;

/** `AsyncLocalStorage` of `node:async_hooks`, as a global (R §2.2). Stores do not cross runQuery and its like. */
export class AsyncLocalStorage<Store = unknown> {
  run<Result>(store: Store, callback: Callable<Result>, ...parameters: unknown[]): Result {
    return within(new Map([...current, [this, store]]), () => callback(...parameters));
  }
  exit<Result>(callback: Callable<Result>, ...parameters: unknown[]): Result {
    return within(this.#without(), () => callback(...parameters));
  }
  getStore(): Store | undefined {
    return current.get(this) as Store | undefined;
  }
  enterWith(store: Store): void {
    current = new Map([...current, [this, store]]);
  }
  disable(): void {
    current = this.#without();
  }
  #without(): Stores {
    return new Map([...current].filter(([storage]) => storage !== (this as AsyncLocalStorage)));
  }
  static bind<Result>(callback: Callable<Result>): Callable<Result> {
    const stores = current;
    return (...parameters) => within(stores, () => callback(...parameters));
  }
  static snapshot(): <Result>(callback: Callable<Result>, ...parameters: unknown[]) => Result {
    const stores = current;
    return (callback, ...parameters) => within(stores, () => callback(...parameters));
  }
}

/** `AsyncResource` of `node:async_hooks`. */
export class AsyncResource {
  readonly #stores = current;
  // biome-ignore lint/complexity/noUselessConstructor: the type belongs to the signature.
  constructor(_type?: string) {}
  runInAsyncScope<Result>(callback: Callable<Result>, self?: unknown, ...parameters: unknown[]): Result {
    return within(this.#stores, () => callback.apply(self, parameters));
  }
  bind<Result>(callback: Callable<Result>): Callable<Result> {
    return (...parameters) => this.runInAsyncScope(callback, undefined, ...parameters);
  }
  static bind<Result>(callback: Callable<Result>): Callable<Result> {
    return AsyncLocalStorage.bind(callback);
  }
  emitDestroy(): this {
    return this;
  }
  asyncId(): number {
    return 0;
  }
  triggerAsyncId(): number {
    return 0;
  }
}

/** Inside the isolate: makes everything reachable from shared modules immutable. */

// Taken before any user code runs, so that nothing it does can weaken what follows.
const { freeze, isExtensible, isFrozen, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys, apply } = Reflect;
const NativeProxy = Proxy;
const NativeMap = Map;
const NativeSet = Set;
const nativeMapForEach = NativeMap.prototype.forEach;
const nativeSetForEach = NativeSet.prototype.forEach;
const { get: weakMapGet, set: weakMapSet } = WeakMap.prototype;

/** The parts of WebAssembly that have a state. It comes into a context only after the snapshot. */
function webAssembly() {
  type Parts = "Instance" | "Memory" | "Table" | "Global";
  return (globalThis as unknown as { WebAssembly: Record<Parts, new (...parameters: unknown[]) => object> })
    .WebAssembly;
}

/** Starts every message of a write that a hardened collection refused: the host looks for it. */
export const HARDENED = "Cannot assign to read only contents of";

const hardened = new WeakSet<object>();
const isHardened = WeakSet.prototype.has.bind(hardened) as (value: object) => boolean;

/** Objects that hold others where no reflection sees them, and those others; filled while modules are evaluated. */
let hidden: WeakMap<object, unknown[]> | null = null;
let proxies = new WeakSet<object>();
/** What changes in ways that nothing can forbid and no prototype tells: exports of WebAssembly, revocable proxies. */
let changing = new WeakSet<object>();

/** From now on bound functions, proxies, contents of WeakMaps and the like are noted, until `stopWatching`. */
export function watchHiddenReferences(): void {
  hidden ??= new WeakMap();
}

export function stopWatching(): void {
  hidden = null;
  proxies = new WeakSet();
  changing = new WeakSet();
}

function noteHidden(holder: object, held: readonly unknown[]): void {
  if (hidden === null) return;
  const known = apply(weakMapGet, hidden, [holder]) as unknown[] | undefined;
  if (known === undefined) apply(weakMapSet, hidden, [holder, [...held]]);
  else known.push(...held);
}

/**
 * Writing methods of collections and dates refuse hardened instances: freezing an object does not touch its
 * contents. Part of the snapshot, before intrinsics are frozen.
 */
export function patchWriters(): void {
  const guard = (prototype: object, names: readonly string[], kind: string) => {
    for (const name of names) {
      const native = (prototype as Record<string, unknown>)[name] as (...parameters: unknown[]) => unknown;
      if (native === undefined) continue;
      const guarded = {
        [name](this: object, ...parameters: unknown[]) {
          refuseHardened(this, kind);
          return apply(native, this, parameters);
        },
      }[name]!;
      replace(prototype, name, guarded, native.length);
    }
  };
  // Collections are written in hot loops: no rest parameters there.
  const { set, delete: mapDelete, clear: mapClear } = NativeMap.prototype;
  replaceAll(NativeMap.prototype, {
    set(this: Map<unknown, unknown>, key: unknown, value: unknown) {
      if (!isExtensible(this)) refuseHardened(this, "a Map");
      return apply(set, this, [key, value]);
    },
    delete(this: Map<unknown, unknown>, key: unknown) {
      if (!isExtensible(this)) refuseHardened(this, "a Map");
      return apply(mapDelete, this, [key]);
    },
    clear(this: Map<unknown, unknown>) {
      if (!isExtensible(this)) refuseHardened(this, "a Map");
      return apply(mapClear, this, []);
    },
  });
  const { add, delete: setDelete, clear: setClear } = NativeSet.prototype;
  replaceAll(NativeSet.prototype, {
    add(this: Set<unknown>, value: unknown) {
      if (!isExtensible(this)) refuseHardened(this, "a Set");
      return apply(add, this, [value]);
    },
    delete(this: Set<unknown>, value: unknown) {
      if (!isExtensible(this)) refuseHardened(this, "a Set");
      return apply(setDelete, this, [value]);
    },
    clear(this: Set<unknown>) {
      if (!isExtensible(this)) refuseHardened(this, "a Set");
      return apply(setClear, this, []);
    },
  });
  replaceAll(WeakMap.prototype, {
    set(this: WeakMap<object, unknown>, key: object, value: unknown) {
      if (!isExtensible(this)) refuseHardened(this, "a WeakMap");
      const map = apply(weakMapSet, this, [key, value]) as object;
      if (hidden !== null) noteHidden(map, [value]);
      return map;
    },
  });
  guard(WeakMap.prototype, ["delete"], "a WeakMap");
  guard(WeakSet.prototype, ["add", "delete"], "a WeakSet");
  const dateWriters = ownKeys(Date.prototype).filter(
    (name): name is string => typeof name === "string" && name.startsWith("set"),
  );
  guard(Date.prototype, dateWriters, "a Date");
  guard(RegExp.prototype, ["compile"], "a RegExp");

  const nativeBind = Function.prototype.bind;
  replaceAll(Function.prototype, {
    bind(this: (...parameters: unknown[]) => unknown, ...parameters: unknown[]) {
      const bound = apply(nativeBind, this, parameters) as object;
      if (hidden !== null) noteHidden(bound, [this, ...parameters]);
      return bound;
    },
  });
  const revocable = NativeProxy.revocable.bind(NativeProxy);
  const WatchedProxy = function (this: unknown, target: object, handler: ProxyHandler<object>) {
    if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'");
    const proxy = new NativeProxy(target, handler);
    if (hidden !== null) {
      noteHidden(proxy, [target, handler]);
      proxies.add(proxy);
    }
    return proxy;
  };
  Object.defineProperty(WatchedProxy, "name", { value: "Proxy", configurable: true });
  Object.defineProperty(WatchedProxy, "prototype", { value: undefined, writable: false });
  replaceAll(NativeProxy, {
    revocable(target: object, handler: ProxyHandler<object>) {
      const made = revocable(target, handler);
      if (hidden !== null) for (const one of [made.proxy, made.revoke]) changing.add(one);
      return made;
    },
  });
  replace(WatchedProxy, "revocable", NativeProxy.revocable, 2);
  replace(globalThis, "Proxy", WatchedProxy, 2);
}

/** The exported functions of an instance share its memory and its globals, which nothing shows. */
function watchWebAssembly(): void {
  const wasm = webAssembly();
  const NativeInstance = wasm.Instance;
  const WatchedInstance = function (this: unknown, ...parameters: unknown[]) {
    if (new.target === undefined) throw new TypeError("WebAssembly.Instance must be invoked with 'new'");
    const instance = Reflect.construct(NativeInstance, parameters, new.target) as { exports: object };
    if (hidden !== null) for (const one of Object.values(instance.exports)) changing.add(one as object);
    return instance;
  };
  Object.defineProperty(WatchedInstance, "name", { value: "Instance", configurable: true });
  Object.defineProperty(WatchedInstance, "prototype", { value: NativeInstance.prototype, writable: false });
  Object.defineProperty(NativeInstance.prototype, "constructor", { value: WatchedInstance });
  replace(wasm, "Instance", WatchedInstance, 1);
}

function replaceAll(target: object, methods: object): void {
  for (const name of Object.keys(methods)) {
    const native = (target as Record<string, { length: number }>)[name]!;
    replace(target, name, (methods as Record<string, unknown>)[name] as object, native.length);
  }
}

function replace(target: object, name: string, value: object, length: number): void {
  Object.defineProperty(value, "length", { value: length, configurable: true });
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}

function refuseHardened(target: object, kind: string): void {
  if (typeof target === "object" && target !== null && isHardened(target)) {
    throw new TypeError(`${HARDENED} ${kind} that belongs to a module`);
  }
}

/** Prototypes whose instances have a state that nothing can freeze. */
function unfreezablePrototypes(): Set<object> {
  const found = new NativeSet<object>();
  const typedArray = getPrototypeOf(Int8Array) as { prototype: object };
  for (const holder of [Promise, ArrayBuffer, DataView, typedArray, SharedArrayBufferOrNothing()]) {
    if (holder !== null) found.add(holder.prototype);
  }
  const wasm = webAssembly();
  for (const { prototype } of [wasm.Instance, wasm.Memory, wasm.Table, wasm.Global]) found.add(prototype);
  const iterators: object[] = [
    [][Symbol.iterator](),
    new NativeMap()[Symbol.iterator](),
    new NativeSet()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "a".matchAll(/a/g),
    (function* () {})(),
    (async function* () {})(),
    [].values().map((x: unknown) => x),
    Iterator.from({ next: () => ({ done: true, value: undefined }) }),
    new Intl.Segmenter().segment("")[Symbol.iterator](),
  ];
  for (const iterator of iterators) found.add(getPrototypeOf(iterator) as object);
  found.add(getPrototypeOf(getPrototypeOf((function* () {})()) as object) as object);
  found.add(getPrototypeOf(getPrototypeOf((async function* () {})()) as object) as object);
  const stateless = new NativeSet(["TextEncoder", "DOMException"]);
  const language = new NativeSet(LANGUAGE_CONSTRUCTORS);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = (globalThis as Record<string, unknown>)[name];
    if (typeof value !== "function" || language.has(name) || stateless.has(name)) continue;
    const prototype = (value as { prototype?: object }).prototype;
    if (typeof prototype === "object" && prototype !== null) found.add(prototype);
  }
  return found;
}

const LANGUAGE_CONSTRUCTORS = [
  "Object",
  "Function",
  "Array",
  "Number",
  "Boolean",
  "String",
  "Symbol",
  "Date",
  "RegExp",
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Map",
  "BigInt",
  "Set",
  "WeakMap",
  "WeakSet",
  "Proxy",
  "Iterator",
  "SuppressedError",
  "FinalizationRegistry",
];

function SharedArrayBufferOrNothing(): { prototype: object } | null {
  return typeof SharedArrayBuffer === "undefined" ? null : SharedArrayBuffer;
}

let unfreezable: Set<object> | null = null;

/** Something that a shared module holds and that cannot be made immutable: the module has to be evaluated anew. */
export class UnfreezableError extends Error {}

/**
 * Freezes everything reachable from `roots`. Throws {@link UnfreezableError}, with nothing frozen, when there is
 * something with a state of its own among it.
 */
export function harden(roots: readonly unknown[]): void {
  unfreezable ??= unfreezablePrototypes();
  const seen = new NativeSet<object>();
  const order: object[] = [];
  const visit = (value: unknown) => {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return;
    if (isHardened(value) || seen.has(value)) return;
    seen.add(value);
    order.push(value);
  };
  for (const root of roots) visit(root);
  for (let i = 0; i < order.length; i++) {
    const value = order[i]!;
    if (changing.has(value))
      throw new UnfreezableError("an export of WebAssembly or a revocable proxy cannot be frozen");
    const held = hidden === null ? undefined : (apply(weakMapGet, hidden, [value]) as unknown[] | undefined);
    for (const inner of held ?? []) visit(inner);
    if (proxies.has(value)) continue;
    if (intrinsics?.has(value)) continue;
    const prototype = getPrototypeOf(value) as object | null;
    for (let above = prototype; above !== null; above = getPrototypeOf(above) as object | null) {
      if (unfreezable.has(above) && !unfreezable.has(value)) {
        throw new UnfreezableError(
          `${String((value as object).constructor?.name)} has a state that cannot be frozen`,
        );
      }
      if (isHardened(above)) break;
    }
    visit(prototype);
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key);
      if (property === undefined) continue;
      if ("value" in property) visit(property.value);
      else {
        visit(property.get);
        visit(property.set);
      }
    }
    if (value instanceof NativeMap) {
      apply(nativeMapForEach, value, [
        (inner: unknown, key: unknown) => {
          visit(key);
          visit(inner);
        },
      ]);
    } else if (value instanceof NativeSet) {
      apply(nativeSetForEach, value, [visit]);
    }
  }
  for (const value of order) {
    if (!proxies.has(value) && !isFrozen(value)) freeze(value);
    hardened.add(value);
  }
}

let intrinsics: WeakSet<object> | null = null;

/** Properties of language prototypes that programs assign to on their own objects. */
const OVERRIDDEN: readonly (readonly [() => object, readonly PropertyKey[] | null])[] = [
  [() => Object.prototype, null],
  [
    () => Function.prototype,
    ["constructor", "name", "toString", "call", "apply", "bind", Symbol.hasInstance],
  ],
  [() => Array.prototype, ["constructor", "toString", "toLocaleString", "concat", "push", "length"]],
  [() => Promise.prototype, ["constructor"]],
  [() => Date.prototype, ["constructor", "toString", "toJSON", "valueOf"]],
  [() => RegExp.prototype, ["constructor", "exec", "test", "toString"]],
  [() => Map.prototype, ["constructor", "get", "set", "has", "delete", "clear", "forEach"]],
  [() => Set.prototype, ["constructor", "add", "has", "delete", "clear", "forEach"]],
  [() => String.prototype, ["constructor", "toString", "valueOf"]],
  [() => Number.prototype, ["constructor", "toString", "valueOf"]],
  [() => Boolean.prototype, ["constructor", "toString", "valueOf"]],
  [() => Error.prototype, ["constructor", "name", "message", "toString"]],
  ...[
    "AggregateError",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
  ].map(
    (name) =>
      [
        () => (globalThis as unknown as Record<string, { prototype: object }>)[name]!.prototype,
        ["constructor", "name", "message"],
      ] as const,
  ),
];

/**
 * Freezes the language and the global object. Assigning to an inherited frozen property would throw ("override
 * mistake"), so the ones that programs do assign become accessors which define an own property instead.
 */
export function freezeRealm(): void {
  watchWebAssembly();
  for (const [prototype, names] of OVERRIDDEN) enableOverride(prototype(), names);
  enableOverride(globalThis, null);
  const all = new NativeSet<object>();
  const pending: object[] = [globalThis];
  const visit = (value: unknown) => {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return;
    if (all.has(value)) return;
    all.add(value);
    pending.push(value);
  };
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  for (const hiddenOne of [
    [][Symbol.iterator](),
    new NativeMap()[Symbol.iterator](),
    new NativeSet()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "a".matchAll(/a/g),
    generator(),
    asyncGenerator(),
    [].values().map((x: unknown) => x),
    Iterator.from({ next: () => ({ done: true, value: undefined }) }),
    generator,
    asyncGenerator,
    async () => {},
    getPrototypeOf(Int8Array),
    new NativeProxy({}, {}),
  ]) {
    visit(getPrototypeOf(hiddenOne));
  }
  visit(globalThis);
  while (pending.length > 0) {
    const value = pending.pop()!;
    visit(getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const property = getOwnPropertyDescriptor(value, key);
      if (property === undefined) continue;
      if ("value" in property) visit(property.value);
      else {
        visit(property.get);
        visit(property.set);
      }
    }
  }
  const known = new WeakSet<object>();
  for (const value of all) {
    freeze(value);
    known.add(value);
    hardened.add(value);
  }
  intrinsics = known;
}

function enableOverride(target: object, names: readonly PropertyKey[] | null): void {
  for (const name of names ?? ownKeys(target)) {
    const property = getOwnPropertyDescriptor(target, name);
    if (property === undefined || !("value" in property) || property.configurable !== true) continue;
    // The global object itself keeps plain properties: names are looked up on it all the time.
    if (target === globalThis) continue;
    const { value, enumerable } = property;
    Object.defineProperty(target, name, {
      get: () => value,
      set(this: unknown, replacement: unknown) {
        if (this === target)
          throw new TypeError(`Cannot assign to read only property '${String(name)}' of object`);
        if ((typeof this !== "object" || this === null) && typeof this !== "function") return;
        const own = getOwnPropertyDescriptor(this, name);
        if (own !== undefined && own.writable !== true && own.set === undefined) {
          throw new TypeError(`Cannot assign to read only property '${String(name)}' of object`);
        }
        Object.defineProperty(this, name, {
          value: replacement,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable: enumerable === true,
      configurable: false,
    });
  }
}

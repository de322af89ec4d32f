/** Inside the isolate: a clock that stands still and random numbers that repeat (R §2.1). */

export interface Clock {
  /** Milliseconds since the epoch; `null` is the true time (actions). */
  now: number | null;
  usedTime: boolean;
  usedRandom: boolean;
  random: Xoshiro | null;
}

/** xoshiro128**, seeded with 32 hex digits. */
export class Xoshiro {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string) {
    const word = (at: number) => Number.parseInt(seed.slice(at, at + 8), 16) | 0;
    this.#a = word(0);
    this.#b = word(8);
    this.#c = word(16);
    // All zeros is the one state that it never leaves.
    this.#d = word(24) | 1;
  }

  /** 32 bits, as a number from 0 on. */
  next(): number {
    const b5 = Math.imul(this.#b, 5);
    const result = Math.imul((b5 << 7) | (b5 >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** 53 bits, from 0 up to but not including 1. */
  fraction(): number {
    return ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.next();
      for (let j = i; j < length && j < i + 4; j++) out[j] = word >>> ((j - i) * 8);
    }
    return out;
  }
}

/** 32 hex digits out of any text: four rounds of FNV-1a. */
export function seedFrom(text: string): string {
  let seed = "";
  for (let round = 0; round < 4; round++) {
    let hash = 0x811c9dc5 ^ (round * 0x9e3779b9);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    seed += ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return seed;
}

/** Replaces `Date` and `Math.random` by ones that ask `clock()`. */
export function installDeterminism(clock: () => Clock, random: () => Xoshiro): void {
  const NativeDate = Date;
  const trueNow = NativeDate.now;
  const now = (): number => {
    const state = clock();
    if (state.now === null) return trueNow();
    state.usedTime = true;
    return state.now;
  };
  function TandemDate(this: unknown, ...parameters: unknown[]): unknown {
    if (new.target === undefined) return new NativeDate(now()).toString();
    return Reflect.construct(NativeDate, parameters.length === 0 ? [now()] : parameters, new.target);
  }
  const define = (target: object, name: string, value: unknown) =>
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(TandemDate, "name", { value: "Date", configurable: true });
  Object.defineProperty(TandemDate, "length", { value: 7, configurable: true });
  Object.defineProperty(TandemDate, "prototype", { value: NativeDate.prototype, writable: false });
  define(NativeDate.prototype, "constructor", TandemDate);
  define(TandemDate, "now", now);
  define(TandemDate, "parse", NativeDate.parse);
  define(TandemDate, "UTC", NativeDate.UTC);
  define(globalThis, "Date", TandemDate);
  define(Math, "random", () => random().fraction());
  // What is collected when cannot be known to functions that have to repeat (R §2.1).
  class StrongRef<T> {
    readonly #target: T;
    constructor(target: T) {
      this.#target = target;
    }
    deref(): T {
      return this.#target;
    }
  }
  Object.defineProperty(StrongRef, "name", { value: "WeakRef" });
  class NoFinalizationRegistry {
    register(): void {}
    unregister(): boolean {
      return false;
    }
  }
  Object.defineProperty(NoFinalizationRegistry, "name", { value: "FinalizationRegistry" });
  define(globalThis, "WeakRef", StrongRef);
  define(globalThis, "FinalizationRegistry", NoFinalizationRegistry);
}

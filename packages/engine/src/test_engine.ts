import type { Engine } from "./engine.ts";
import type { RetentionConfig } from "./log/retention.ts";
import { openEngine } from "./open_engine.ts";
import { openMemoryPersistence } from "./persistence/index.ts";
import type { Persistence } from "./persistence/persistence.ts";
import type { Timestamp } from "./timestamp.ts";
import { LaneView } from "./transaction/lane_view.ts";
import type { Randomness } from "./transaction/transaction.ts";

/** A clock that only tests move. Starts in November 2023. */
export class TestClock {
  now: Timestamp = 1_700_000_000_000_000;

  nowMicroseconds(): Timestamp {
    return this.now;
  }
}

/** Bytes that differ from call to call and are the same in every run. */
export function testRandomness(seed = 1): Randomness {
  let state = seed;
  return {
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        bytes[i] = state >>> 16;
      }
      return bytes;
    },
  };
}

/** Timers that go off when a test says so. */
export class TestTimers {
  readonly #waiting = new Map<number, () => void>();
  #next = 1;

  setTimeout(callback: () => void): unknown {
    this.#waiting.set(this.#next, callback);
    return this.#next++;
  }

  clearTimeout(timer: unknown): void {
    this.#waiting.delete(timer as number);
  }

  get count(): number {
    return this.#waiting.size;
  }

  fire(): void {
    const callbacks = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}

export interface TestEngine {
  readonly engine: Engine;
  readonly persistence: Persistence;
  readonly clock: TestClock;
  readonly timers: TestTimers;
  readonly random: Randomness;
  /** What the engine stopped for. */
  readonly fatal: unknown[];
}

/** A running engine over memory, with clock, chance and timers in the test's hands. */
export async function openTestEngine(
  options: {
    readonly persistence?: Persistence;
    readonly clock?: TestClock;
    readonly seed?: number;
    readonly retention?: Partial<RetentionConfig>;
  } = {},
): Promise<TestEngine> {
  const persistence = options.persistence ?? openMemoryPersistence();
  const clock = options.clock ?? new TestClock();
  const timers = new TestTimers();
  const random = testRandomness(options.seed);
  const fatal: unknown[] = [];
  const engine = await openEngine({
    persistence,
    clock,
    timers,
    random,
    retention: options.retention ?? {},
    fatal: (error) => fatal.push(error),
  });
  return { engine, persistence, clock, timers, random, fatal };
}

/** A write lane in the same thread. */
export function openTestLane({ engine, persistence, clock, random }: TestEngine) {
  const view = new LaneView(persistence, {
    durable: engine.durable,
    catalog: engine.catalog,
  });
  const port = engine.openLane((news) => view.apply(news));
  return {
    view,
    port,
    begin: () => view.begin({ begin: clock.now, random }),
  };
}

/** A disk that finishes a write when the test lets it, or fails it. */
export class GatedDisk {
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  isOpen = true;

  write(): void | Promise<void> {
    if (this.isOpen) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ resolve, reject });
    return promise;
  }

  get writing(): number {
    return this.#waiting.length;
  }

  finish(): void {
    this.#waiting.shift()?.resolve();
  }

  fail(error: Error): void {
    this.#waiting.shift()?.reject(error);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

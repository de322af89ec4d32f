import type { Timestamp } from "../timestamp.ts";
import { SeededRandom } from "./seeded_random.ts";

interface Waiting {
  readonly run: () => void;
  readonly owner: Process | null;
}

interface Timer extends Waiting {
  /** Virtual time, microseconds. */
  readonly due: number;
  readonly number: number;
}

/**
 * One seed's universe: it owns the clock, every timer and every pause, and decides by the seed what goes on
 * next. Nothing in it happens by itself, so a seed happens the same way every time.
 */
export class World {
  readonly seed: number;
  readonly random: SeededRandom;
  /** Microseconds since the epoch; starts in November 2023. */
  #now = 1_700_000_000_000_000;
  #ready: Waiting[] = [];
  #timers: Timer[] = [];
  #timerNumber = 0;
  #steps = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new SeededRandom(seed);
  }

  /** How many pauses and timers have ended so far. */
  get steps(): number {
    return this.#steps;
  }

  nowMicroseconds(): Timestamp {
    return Math.floor(this.#now);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now / 1000;
  }

  /** Resolves when the seed says so; never, once `owner` is dead. */
  pause(owner: Process | null = null): Promise<void> {
    return new Promise((resolve) => this.defer(resolve, owner));
  }

  /** Like {@link pause}, with a callback. */
  defer(run: () => void, owner: Process | null = null): void {
    if (owner !== null && !owner.alive) return;
    this.#ready.push({ run, owner });
  }

  setTimeout(run: () => void, milliseconds: number, owner: Process | null = null): unknown {
    const timer: Timer = {
      run,
      owner,
      due: this.#now + Math.max(0, milliseconds) * 1000,
      number: this.#timerNumber++,
    };
    this.#timers.push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    const at = this.#timers.indexOf(timer as Timer);
    if (at >= 0) this.#timers.splice(at, 1);
  }

  /** Lets time pass without anything happening in it that is not due. */
  skip(milliseconds: number): void {
    this.#now += milliseconds * 1000;
  }

  /**
   * Ends one pause or timer, then lets everything happen that follows without waiting. Answers false when
   * nothing waits. With `interrupt`, it is called after that many turns of the microtask queue: between any
   * two awaits.
   */
  async step(interrupt?: { readonly after: number; readonly run: () => void }): Promise<boolean> {
    const next = this.#next();
    if (next === null) return false;
    this.#steps++;
    this.#now += 1 + this.random.integer(50);
    if (next.owner === null || next.owner.alive) next.run();
    if (interrupt !== undefined) {
      for (let i = 0; i < interrupt.after; i++) await null;
      interrupt.run();
    }
    await settled();
    return true;
  }

  #next(): Waiting | null {
    const timer = this.#nextTimer();
    const useTimer =
      timer !== null && (this.#ready.length === 0 || timer.due <= this.#now || this.random.chance(0.002));
    if (useTimer) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      this.#now = Math.max(this.#now, timer.due);
      return timer;
    }
    if (this.#ready.length === 0) return null;
    const at = this.random.integer(this.#ready.length);
    const chosen = this.#ready[at]!;
    const last = this.#ready.pop()!;
    if (at < this.#ready.length) this.#ready[at] = last;
    return chosen;
  }

  #nextTimer(): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (
        first === null ||
        timer.due < first.due ||
        (timer.due === first.due && timer.number < first.number)
      ) {
        first = timer;
      }
    }
    return first;
  }

  /** Takes away whatever a dead process was waiting for. */
  forget(process: Process): void {
    this.#ready = this.#ready.filter(({ owner }) => owner !== process);
    this.#timers = this.#timers.filter(({ owner }) => owner !== process);
  }
}

/** One life of a simulated program: what it waits for never comes once it has been killed. */
export class Process {
  readonly world: World;
  #alive = true;

  constructor(world: World) {
    this.world = world;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** A crash: continuations that wait are gone, and every seam is deaf from here on. */
  kill(): void {
    this.#alive = false;
    this.world.forget(this);
  }

  pause(): Promise<void> {
    return this.#alive ? this.world.pause(this) : never();
  }

  readonly timers = {
    setTimeout: (run: () => void, milliseconds: number): unknown =>
      this.#alive ? this.world.setTimeout(run, milliseconds, this) : null,
    clearTimeout: (timer: unknown): void => this.world.clearTimeout(timer),
    setImmediate: (run: () => void): void => this.world.defer(run, this),
  };
}

/** What the continuation of a dead process waits for. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/** Resolves when every continuation that waits for nothing has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

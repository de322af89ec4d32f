import type { Engine, Subscription } from "../../engine.ts";
import type { SimulatedDisk } from "../disk.ts";
import type { SeededRandom } from "../seeded_random.ts";
import { lookAtRows } from "../workload.ts";
import type { Process } from "../world.ts";
import type { Anomaly } from "./anomaly.ts";
import { Versions } from "./versions.ts";

/** Milliseconds; who takes longer may find that retention has taken the snapshot away. */
const LONGEST_QUERY = 30_000;

/** A result that its reader believes in until it is told otherwise. */
export interface HeldResult {
  readonly isCurrent: boolean;
  cancel(): void;
}

/**
 * Subscriptions under watch. After every commit each result that has not been called stale must be what the
 * log says it is at that commit.
 */
export class SubscriptionCheck {
  readonly anomalies: Anomaly[] = [];
  /** How many results were compared. */
  count = 0;
  readonly #disk: SimulatedDisk;
  #versions = new Versions();
  readonly #held = new Map<Held, Process>();

  constructor(disk: SimulatedDisk) {
    this.#disk = disk;
  }

  attach(engine: Engine, process: Process): void {
    this.#versions = new Versions();
    engine.onDurable((ts) => {
      if (!process.alive) return;
      for (const [held, owner] of this.#held) if (owner === process) this.#compare(held, ts);
    });
  }

  /** Runs a query over the rows in `[low, high)` and holds its result. */
  async watch(
    engine: Engine,
    process: Process,
    random: SeededRandom,
    low: number,
    high: number,
  ): Promise<HeldResult> {
    const began = process.world.now();
    const snapshot = engine.snapshot();
    const rows = await lookAtRows(snapshot, random, low, high);
    if (random.chance(0.5)) await process.pause();
    if (process.world.now() - began > LONGEST_QUERY) return { isCurrent: false, cancel: () => {} };
    const held = new Held(low, high, rowsText(rows.map(({ key, v }) => [key, v])));
    this.#held.set(held, process);
    held.ended = () => this.#held.delete(held);
    const subscription = engine.subscribe([...snapshot.reads], snapshot.at, () => held.cancel());
    if (!held.isCurrent) return held;
    held.subscription = subscription;
    this.#compare(held, engine.durable);
    return held;
  }

  /** The server that had them is dead. */
  forgetAll(): void {
    for (const held of [...this.#held.keys()]) held.cancel();
  }

  #compare(held: Held, at: number): void {
    this.count++;
    const { commits } = this.#disk;
    if (this.#versions.length < commits.length) this.#versions.take(commits.slice(this.#versions.length));
    const fresh: [string, number][] = [];
    for (const key of this.#versions.keys) {
      const { value, place } = this.#versions.of(key)[this.#versions.positionAt(key, at)]!;
      if (place !== null && place >= held.low && place < held.high) fresh.push([key, value as number]);
    }
    const expected = rowsText(fresh);
    if (held.text === expected) return;
    this.anomalies.push({
      kind: "missed change",
      text: `The rows in [${held.low}, ${held.high}) are held as ${held.text}, at ${at} they are ${expected}.`,
    });
    held.cancel();
  }
}

class Held implements HeldResult {
  readonly low: number;
  readonly high: number;
  readonly text: string;
  subscription: Subscription | null = null;
  ended: () => void = () => {};
  isCurrent = true;

  constructor(low: number, high: number, text: string) {
    this.low = low;
    this.high = high;
    this.text = text;
  }

  cancel(): void {
    if (!this.isCurrent) return;
    this.isCurrent = false;
    this.subscription?.cancel();
    this.ended();
  }
}

function rowsText(rows: [string, number][]): string {
  return rows
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(" ");
}

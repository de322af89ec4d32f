import { clockAtImport, currentMode } from "./bridge.ts";

// Taken before the realm's own clock replaces it: this one tells the true time.
const trueNow = Date.now;
let startedAt = 0;

export function beginClock(): void {
  startedAt = trueNow();
}

/** Milliseconds since the epoch, true even where `Date` stands still: for what no function can see. */
export function trueTime(): number {
  return trueNow();
}

/** No EventTarget: a listener would outlive its call. R §2.1: fixed in queries and at import, true in actions, and going on in mutations. */
export class Performance {
  now(): number {
    const mode = currentMode();
    if (mode === "import" || mode === "query") return 0;
    return Math.floor((trueNow() - startedAt) * 10) / 10;
  }
  get timeOrigin(): number {
    return clockAtImport();
  }
  mark(): never {
    throw new Error("Not implemented: performance.mark");
  }
  measure(): never {
    throw new Error("Not implemented: performance.measure");
  }
  toJSON(): { timeOrigin: number } {
    return { timeOrigin: this.timeOrigin };
  }
  get [Symbol.toStringTag](): string {
    return "Performance";
  }
}

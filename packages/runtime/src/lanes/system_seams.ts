import { randomFillSync } from "node:crypto";
import type { LaneSeams } from "./lane_parts.ts";

const POOL = 4096;

/** The machine's own clock and randomness: the default at the outermost edge. */
export function systemSeams(): LaneSeams {
  const pool = new Uint8Array(POOL);
  let used = POOL;
  return {
    clock: { nowMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) },
    random: {
      bytes(count) {
        if (count > POOL) return randomFillSync(new Uint8Array(count));
        if (used + count > POOL) {
          randomFillSync(pool);
          used = 0;
        }
        used += count;
        return pool.slice(used - count, used);
      },
    },
  };
}

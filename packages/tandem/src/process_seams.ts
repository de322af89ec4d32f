import { randomBytes } from "node:crypto";
import type { Seams } from "@tandem/backend";
import { atTurnEnd } from "./turn_end.ts";

/** The real clock, timers, chance and network: the outermost edge, where seams end. */
export function processSeams(): Seams {
  return {
    clock: { now: () => Date.now() },
    timers: {
      setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
      clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
      setImmediate: atTurnEnd(),
    },
    random: { bytes: pooledRandomBytes() },
    fetch: (...request) => fetch(...request),
  };
}

const POOL_BYTES = 8192;

/** Unpredictable bytes, drawn from the system in large pieces: ids are made for every call. No byte is used twice. */
function pooledRandomBytes(): (length: number) => Uint8Array {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return (length) => {
    if (length > POOL_BYTES / 8) {
      return randomBytes(length);
    }
    if (used + length > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}

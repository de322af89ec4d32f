import type { Timestamp } from "@tandem/engine";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Two digits of base64 for each 12 bits. */
const PAIRS = Array.from({ length: 4096 }, (_, bits) => DIGITS[bits >>> 6]! + DIGITS[bits & 63]!);

/**
 * A timestamp as the wire has it: nanoseconds, 8 bytes, the lowest first, in base64 (P, conventions). Every mutation
 * and every transition brings one, so this does without bigints and buffers.
 */
export function wireTimestamp(ts: Timestamp): string {
  // 2^32 µs split off first: a thousand times the rest is below 2^53.
  const upper = Math.floor(ts / 0x1_0000_0000);
  const scaled = (ts - upper * 0x1_0000_0000) * 1000;
  const carry = Math.floor(scaled / 0x1_0000_0000);
  const low = (scaled - carry * 0x1_0000_0000) >>> 0;
  const high = (upper * 1000 + carry) >>> 0;
  return (
    // Bytes 0 1 2, then 3 4 5, then 6 7 with the padding.
    PAIRS[((low & 0xff) << 4) | ((low >>> 12) & 0xf)]! +
    PAIRS[(low & 0xf00) | ((low >>> 16) & 0xff)]! +
    PAIRS[((low >>> 24) << 4) | ((high >>> 4) & 0xf)]! +
    PAIRS[((high & 0xf) << 8) | ((high >>> 8) & 0xff)]! +
    PAIRS[((high >>> 12) & 0xff0) | (high >>> 28)]! +
    `${DIGITS[((high >>> 24) & 0xf) << 2]!}=`
  );
}

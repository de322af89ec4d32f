import { toWireNanoseconds } from "@tandem/engine";
import { encodeTs } from "@tandem/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { wireTimestamp } from "./wire_timestamp.ts";

it("writes timestamps as the protocol has them, from the beginning to the year 2255", () => {
  for (const ts of [
    0,
    1,
    1000,
    4_294_967,
    4_294_968,
    2 ** 32 - 1,
    2 ** 32,
    1_795_646_400_123_456,
    Number.MAX_SAFE_INTEGER,
  ]) {
    expect(wireTimestamp(ts)).toBe(encodeTs(toWireNanoseconds(ts)));
  }
  fc.assert(
    fc.property(fc.maxSafeNat(), (ts) => {
      expect(wireTimestamp(ts)).toBe(encodeTs(toWireNanoseconds(ts)));
    }),
  );
});

import { describe, expect, it } from "vitest";
import { IdleResults } from "./idle_results.ts";
import { LiveResult } from "./live_result.ts";
import { encodeResult } from "./query_result.ts";

function result(key: string): LiveResult {
  const run = {
    result: { kind: "value", value: JSON.stringify(key) },
    logs: [],
    reads: [],
    journal: null,
    usedIdentity: false,
    usedTime: false,
    usedRandom: false,
  } as const;
  return new LiveResult(key, null, encodeResult(1, run), 0);
}

/** Empties it, the longest unused first. */
function keysByAge(idle: IdleResults): string[] {
  const keys: string[] = [];
  for (let entry = idle.oldest; entry !== null; entry = idle.oldest) {
    keys.push(entry.key);
    idle.delete(entry);
  }
  return keys;
}

describe("results that nobody watches", () => {
  it("are known by when they were used last", () => {
    const idle = new IdleResults();
    const [a, b, c, d] = ["a", "b", "c", "d"].map(result) as [LiveResult, LiveResult, LiveResult, LiveResult];
    for (const entry of [a, b, c, d]) idle.add(entry);
    idle.add(a);
    idle.delete(c);
    idle.add(b);
    idle.add(b);
    expect(keysByAge(idle)).toEqual(["d", "a", "b"]);
    expect(idle.oldest).toBe(null);
  });

  it("are counted by their sizes, each once", () => {
    const idle = new IdleResults();
    const [a, b] = [result("a"), result("longer")] as const;
    idle.add(a);
    idle.add(a);
    idle.add(b);
    expect(idle.bytes).toBe(a.size + b.size);
    idle.delete(a);
    idle.delete(a);
    expect(idle.bytes).toBe(b.size);
    expect(keysByAge(idle)).toEqual(["longer"]);
    expect(idle.bytes).toBe(0);
  });
});

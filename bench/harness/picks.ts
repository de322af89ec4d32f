/** A seeded generator (mulberry32): the same picks in every run, for us and for the peer. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Distribution = "uniform" | "zipf";

const ZIPF_ALPHA = 1.5;

/** Picks numbers below `count`: all alike, or by Zipf's law with α = 1.5, under which a few get almost all. */
export function picker(distribution: Distribution, count: number, random: () => number): () => number {
  if (distribution === "uniform") {
    return () => Math.floor(random() * count);
  }
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += 1 / (i + 1) ** ZIPF_ALPHA;
    cumulative[i] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
}

/** Two different numbers. */
export function pair(pick: () => number): [number, number] {
  const first = pick();
  let second = pick();
  while (second === first) {
    second = pick();
  }
  return [first, second];
}

/** What a benchmark came to: all its figures, and the one line that is compared with the target. */
export interface BenchmarkResult {
  readonly figures: unknown;
  readonly summary: string;
}

export type Benchmark = () => Promise<BenchmarkResult>;

export interface Latencies {
  /** Operations a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** `samples` in milliseconds, in any order; `seconds` is the time they took together. */
export function latencies(samples: number[], seconds: number): Latencies {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { rate: sorted.length / seconds, p50: at(0.5), p99: at(0.99) };
}

export function row(title: string, { rate, p50, p99 }: Latencies): string {
  return `${title.padEnd(34)} ${rate.toFixed(0).padStart(8)}/s   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`;
}

import { writeFileSync } from "node:fs";
import { tandemWithAccounts } from "../harness/accounts.ts";
import type { BenchmarkResult } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import type { TandemProcess } from "../harness/tandem.ts";
import type { SelectiveTask } from "./load.ts";

const RUN = { sockets: 100, writesPerSecond: 500, warmUpSeconds: 3, seconds: 10 };

interface Figures {
  readonly queries: number;
  readonly writes: number;
  readonly updates: number;
  /** Function runs of queries for each write. */
  readonly reruns: number;
  /** Seconds of processor time. */
  readonly cpu: number;
}

/** Many distinct live queries, each write touching one: what a write costs must not grow with their number. */
export async function selective(): Promise<BenchmarkResult> {
  const few = await measure(1000);
  const many = await measure(10_000);
  for (const figures of [few, many]) {
    console.log(
      `${String(figures.queries).padStart(6)} queries: ${figures.writes} writes, ${figures.updates} updates, ` +
        `${figures.reruns.toFixed(3)} runs a write, ${figures.cpu.toFixed(2)} s CPU`,
    );
  }
  const reruns = Math.max(few.reruns, many.reruns);
  return {
    figures: { few, many },
    summary: `selective reruns=${reruns.toFixed(2)} cpu=${(many.cpu / few.cpu).toFixed(2)}`,
  };
}

async function measure(queries: number): Promise<Figures> {
  const { tandem, ids } = await tandemWithAccounts(queries + 1);
  try {
    const task: SelectiveTask = {
      ...RUN,
      url: tandem.backendUrl,
      adminKey: tandem.adminKey,
      pid: tandem.pid,
      queries,
    };
    const counts = await loadProcess<Omit<Figures, "queries">>(new URL("./load.ts", import.meta.url), {
      ...task,
      ids: writeIds(tandem, ids),
    });
    return { queries, ...counts };
  } finally {
    await tandem.stop();
  }
}

function writeIds(tandem: TandemProcess, ids: readonly string[]): string {
  const file = `${tandem.data}/bench-ids.json`;
  writeFileSync(file, JSON.stringify(ids));
  return file;
}

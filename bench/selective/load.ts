/** The load of `selective`: sockets that watch distinct queries, and writes at a fixed pace that touch one each. */
import { readFileSync } from "node:fs";
import { processorSeconds } from "../harness/processor_time.ts";
import { SyncClient } from "../harness/sync_client.ts";

export interface SelectiveTask {
  readonly url: string;
  readonly adminKey: string;
  readonly pid: number;
  readonly sockets: number;
  readonly queries: number;
  readonly writesPerSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

const TICK_MILLISECONDS = 10;
const WRITERS = 20;

const task = JSON.parse(process.argv[2]!) as SelectiveTask & { ids: string };
const ids = JSON.parse(readFileSync(task.ids, "utf8")) as string[];
/** Every transfer's other side, which nobody watches. */
const bank = ids.at(-1)!;

let updates = 0;
for (let s = 0; s < task.sockets; s++) {
  const client = await SyncClient.connect(task.url);
  const share = task.queries / task.sockets;
  const first = new Promise<void>((resolve) => {
    client.onTransition = () => resolve();
  });
  client.modify(
    Array.from({ length: share }, (_, i) => ({
      type: "Add",
      queryId: i,
      udfPath: "accounts:balance",
      args: [{ id: ids[s * share + i] }],
    })),
  );
  await first;
  client.onTransition = (text) => {
    updates += text.includes('"QueryUpdated"') ? 1 : 0;
  };
}

// One socket's mutations run one after another, each to the disk: a single writer could not keep the pace.
const writers: SyncClient[] = [];
for (let i = 0; i < WRITERS; i++) {
  const writer = await SyncClient.connect(task.url);
  writer.modify([]);
  writers.push(writer);
}
let writes = 0;
const write = async (): Promise<void> => {
  const writer = writers[writes % WRITERS]!;
  await writer.mutation("accounts:transfer", { from: ids[writes++ % task.queries], to: bank, amount: 1 });
};

/** Writes at the pace for so long; what one tick missed, the next makes up for. */
async function writeFor(seconds: number): Promise<void> {
  const began = performance.now();
  const before = writes;
  const running: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = (performance.now() - began) / 1000;
      const due = before + Math.floor(Math.min(elapsed, seconds) * task.writesPerSecond);
      while (writes < due) {
        running.push(write());
      }
      if (elapsed >= seconds) {
        clearInterval(timer);
        resolve();
      }
    }, TICK_MILLISECONDS);
  });
  await Promise.all(running);
}

/** Counts runs of queries by the server's own log of executions. */
async function countRuns(signal: { stop: boolean }): Promise<number> {
  let cursor = await poll(0).then(({ newCursor }) => newCursor);
  let runs = 0;
  while (!signal.stop) {
    const { entries, newCursor } = await poll(cursor);
    cursor = newCursor;
    runs += entries.filter(({ udfType }) => udfType === "Query").length;
  }
  return runs;
}

async function poll(cursor: number): Promise<{ entries: { udfType: string }[]; newCursor: number }> {
  const response = await fetch(`${task.url}/api/stream_udf_execution?cursor=${cursor}`, {
    headers: { authorization: `Convex ${task.adminKey}` },
  });
  if (!response.ok) {
    throw new Error(`The log stream answered ${response.status}: ${await response.text()}`);
  }
  return (await response.json()) as { entries: { udfType: string }[]; newCursor: number };
}

await writeFor(task.warmUpSeconds);
const cpuBefore = processorSeconds(task.pid);
await writeFor(task.seconds);
const cpu = processorSeconds(task.pid) - cpuBefore;

// Counting reads the log over HTTP, so it has a run of its own and does not weigh on the CPU figure.
const signal = { stop: false };
const counting = countRuns(signal);
const before = { writes, updates };
await writeFor(task.seconds);
signal.stop = true;
await write();
const runs = await counting;
const counted = writes - before.writes;
console.log(
  JSON.stringify({ writes: counted, updates: updates - before.updates, reruns: runs / counted, cpu }),
);
process.exit(0);

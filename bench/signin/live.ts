/** A live query while others sign in: a mutation at a fixed pace, and how long the watching socket waits for its result. */
import { latencies } from "../harness/benchmark.ts";
import { SyncClient } from "../harness/sync_client.ts";

export interface LiveTask {
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly everyMilliseconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

const task = JSON.parse(process.argv[2]!) as LiveTask;
const writer = await SyncClient.connect(task.url);
const watcher = await SyncClient.connect(task.url);
writer.modify([]);

const sentAt: number[] = [];
const samples: number[] = [];
let opening: number | null = null;
let seen = 0;
let measureFrom = 0;
const { promise: begun, resolve: begin } = Promise.withResolvers<void>();

/** Every mutation adds one to the balance: it tells how many have been seen. */
watcher.onTransition = (text) => {
  const balance = /"value":(-?\d+(?:\.\d+)?)/.exec(text)?.[1];
  if (balance === undefined) {
    return;
  }
  opening ??= Number(balance);
  begin();
  const now = performance.now();
  for (const count = Number(balance) - opening; seen < count; seen++) {
    if (sentAt[seen]! >= measureFrom) {
      samples.push(now - sentAt[seen]!);
    }
  }
};
watcher.modify([{ type: "Add", queryId: 0, udfPath: "accounts:balance", args: [{ id: task.to }] }]);
await begun;

const start = performance.now();
measureFrom = start + task.warmUpSeconds * 1000;
const writes = ((task.warmUpSeconds + task.seconds) * 1000) / task.everyMilliseconds;
const running: Promise<unknown>[] = [];
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    sentAt.push(performance.now());
    running.push(writer.mutation("accounts:transfer", { from: task.from, to: task.to, amount: 1 }));
    if (sentAt.length >= writes) {
      clearInterval(timer);
      resolve();
    }
  }, task.everyMilliseconds);
});
await Promise.all(running);
console.log(JSON.stringify(latencies(samples, task.seconds)));
process.exit(0);

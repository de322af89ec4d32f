/** The load of `query`: 50 sockets with one query in flight each. */
import { WebSocket } from "ws";
import { latencies } from "../harness/benchmark.ts";
import { seeded } from "../harness/picks.ts";
import { SyncClient } from "../harness/sync_client.ts";

export interface QueryTask {
  readonly kind: "cached" | "uncached" | "echo";
  readonly url: string;
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** A file with the accounts' ids. */
  readonly ids: string;
}

type Ask = () => Promise<unknown>;

const task = JSON.parse(process.argv[2]!) as QueryTask;

async function tandemClients(): Promise<Ask[]> {
  const { readFileSync } = await import("node:fs");
  const ids = JSON.parse(readFileSync(task.ids, "utf8")) as string[];
  let next = 0;
  const asks: Ask[] = [];
  for (let i = 0; i < task.clients; i++) {
    const client = await SyncClient.connect(task.url);
    let queryId = 0;
    asks.push(
      () =>
        new Promise((resolve) => {
          client.onTransition = resolve;
          const id = task.kind === "cached" ? ids[0] : ids[next++ % ids.length];
          const add = { type: "Add", queryId, udfPath: "accounts:balance", args: [{ id }] };
          client.modify(queryId === 0 ? [add] : [{ type: "Remove", queryId: queryId - 1 }, add]);
          queryId++;
        }),
    );
  }
  return asks;
}

/** Messages as large as a query's and its answer's. */
async function echoClients(): Promise<Ask[]> {
  const random = seeded(1);
  const asks: Ask[] = [];
  for (let i = 0; i < task.clients; i++) {
    const socket = new WebSocket(task.url, { perMessageDeflate: false });
    await new Promise((resolve) => socket.once("open", resolve));
    asks.push(
      () =>
        new Promise((resolve) => {
          socket.once("message", (data) => resolve((data as Buffer).toString("utf8")));
          socket.send(
            JSON.stringify({
              type: "ModifyQuerySet",
              baseVersion: 1,
              newVersion: 2,
              modifications: [
                { type: "Remove", queryId: 1 },
                { type: "Add", queryId: 2, udfPath: "accounts:balance", args: [{ id: `j5700${random()}` }] },
              ],
            }),
          );
        }),
    );
  }
  return asks;
}

const asks = task.kind === "echo" ? await echoClients() : await tandemClients();
const measureFrom = performance.now() + task.warmUpSeconds * 1000;
const end = measureFrom + task.seconds * 1000;
const samples: number[] = [];
await Promise.all(
  asks.map(async (ask) => {
    for (let now = performance.now(); now < end; ) {
      const sent = now;
      await ask();
      now = performance.now();
      if (sent >= measureFrom && now <= end) {
        samples.push(now - sent);
      }
    }
  }),
);
console.log(JSON.stringify(latencies(samples, task.seconds)));
process.exit(0);

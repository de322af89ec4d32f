/** The load of `transfer`: 50 clients with one request in flight each, against us or against the peer. */
import { Agent, request } from "node:http";
import { latencies } from "../harness/benchmark.ts";
import { type Distribution, pair, picker, seeded } from "../harness/picks.ts";
import { SyncClient } from "../harness/sync_client.ts";

export type LoadTask = {
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly distribution: Distribution;
} & (
  | { readonly kind: "tandem"; readonly url: string; readonly ids: string }
  | { readonly kind: "peer"; readonly url: string; readonly accounts: number }
);

type Transfer = (from: number, to: number) => Promise<unknown>;

async function tandemClients(
  task: Extract<LoadTask, { kind: "tandem" }>,
): Promise<{ accounts: number; clients: Transfer[] }> {
  const { readFileSync } = await import("node:fs");
  const ids = JSON.parse(readFileSync(task.ids, "utf8")) as string[];
  const clients: Transfer[] = [];
  for (let i = 0; i < task.clients; i++) {
    const client = await SyncClient.connect(task.url);
    client.modify([]);
    clients.push((from, to) =>
      client.mutation("accounts:transfer", { from: ids[from], to: ids[to], amount: 1 }),
    );
  }
  return { accounts: ids.length, clients };
}

function peerClients(task: Extract<LoadTask, { kind: "peer" }>): { accounts: number; clients: Transfer[] } {
  const clients = Array.from({ length: task.clients }, (): Transfer => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return (from, to) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ from: from + 1, to: to + 1, amount: 1 });
        const call = request(
          `${task.url}/transfer`,
          {
            method: "POST",
            agent,
            headers: { "content-type": "application/json", "content-length": body.length },
          },
          (response) => {
            response.resume();
            response.on("end", () =>
              response.statusCode === 200 ? resolve(null) : reject(new Error(`HTTP ${response.statusCode}`)),
            );
          },
        );
        call.on("error", reject);
        call.end(body);
      });
  });
  return { accounts: task.accounts, clients };
}

const task = JSON.parse(process.argv[2]!) as LoadTask;
const { accounts, clients } = task.kind === "tandem" ? await tandemClients(task) : peerClients(task);

const begin = performance.now();
const measureFrom = begin + task.warmUpSeconds * 1000;
const end = measureFrom + task.seconds * 1000;
const samples: number[] = [];
await Promise.all(
  clients.map(async (transfer, i) => {
    const pick = picker(task.distribution, accounts, seeded(i + 1));
    for (let now = performance.now(); now < end; ) {
      const [from, to] = pair(pick);
      const sent = now;
      await transfer(from, to);
      now = performance.now();
      if (sent >= measureFrom && now <= end) {
        samples.push(now - sent);
      }
    }
  }),
);
console.log(JSON.stringify(latencies(samples, task.seconds)));
process.exit(0);

/** The load of `fanout`: 1,000 sockets that watch, one that writes as fast as it is answered. */
import { WebSocket } from "ws";
import { SyncClient } from "../harness/sync_client.ts";

export interface FanoutTask {
  readonly kind: "tandem" | "bare";
  readonly url: string;
  readonly watchers: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Of the accounts app, for us. */
  readonly ids: readonly string[];
}

export interface FanoutFigures {
  /** Messages a second that reached a watcher. */
  readonly deliveries: number;
  readonly writes: number;
  /** Bytes of one message. */
  readonly bytes: number;
}

const task = JSON.parse(process.argv[2]!) as FanoutTask;
let deliveries = 0;
let bytes = 0;
const delivered = (text: string): void => {
  deliveries++;
  bytes = text.length;
};

async function tandemWriter(): Promise<() => Promise<unknown>> {
  const [watched, other] = task.ids as [string, string];
  let ready = 0;
  const allReady = Promise.withResolvers<void>();
  for (let i = 0; i < task.watchers; i++) {
    const client = await SyncClient.connect(task.url);
    client.onTransition = (text) => {
      ready++;
      if (ready === task.watchers) {
        allReady.resolve();
      }
      client.onTransition = delivered;
      delivered(text);
    };
    client.modify([{ type: "Add", queryId: 0, udfPath: "accounts:balance", args: [{ id: watched }] }]);
  }
  await allReady.promise;
  const writer = await SyncClient.connect(task.url);
  return () => writer.mutation("accounts:transfer", { from: watched, to: other, amount: 1 });
}

async function bareWriter(): Promise<() => Promise<unknown>> {
  const open = async (path: string) => {
    const socket = new WebSocket(`${task.url}${path}`, { perMessageDeflate: false });
    await new Promise((resolve) => socket.once("open", resolve));
    return socket;
  };
  for (let i = 0; i < task.watchers; i++) {
    (await open("/watch")).on("message", (data) => delivered((data as Buffer).toString("utf8")));
  }
  const writer = await open("/write");
  return () =>
    new Promise((resolve) => {
      writer.once("message", resolve);
      writer.send("{}");
    });
}

const write = task.kind === "tandem" ? await tandemWriter() : await bareWriter();
const measureFrom = performance.now() + task.warmUpSeconds * 1000;
while (performance.now() < measureFrom) {
  await write();
}
deliveries = 0;
let writes = 0;
const began = performance.now();
const end = began + task.seconds * 1000;
while (performance.now() < end) {
  await write();
  writes++;
}
const seconds = (performance.now() - began) / 1000;
const figures: FanoutFigures = { deliveries: deliveries / seconds, writes: writes / seconds, bytes };
console.log(JSON.stringify(figures));
process.exit(0);

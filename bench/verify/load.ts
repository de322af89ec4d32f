/** The load of `verify`: sockets that change their token as fast as they are answered, several changes in flight. */
import { readFileSync } from "node:fs";
import { type Latencies, latencies } from "../harness/benchmark.ts";
import { SyncClient } from "../harness/sync_client.ts";

export interface VerifyTask {
  readonly url: string;
  /** A file with as many tokens as are sent, each once. */
  readonly tokens: string;
  readonly sockets: number;
  /** Of one socket. */
  readonly inFlight: number;
  /** Of the tokens, those that are not measured. */
  readonly warmUp: number;
}

const task = JSON.parse(process.argv[2]!) as VerifyTask;
const tokens = JSON.parse(readFileSync(task.tokens, "utf8")) as string[];
let next = 0;
let answered = 0;
let measureFrom = 0;
const samples: number[] = [];

/** Keeps one socket busy until there are no tokens left. */
function run(client: SyncClient): Promise<void> {
  return new Promise((resolve) => {
    const sentAt: number[] = [];
    let done = 0;
    const send = (): void => {
      if (next < tokens.length) {
        sentAt.push(performance.now());
        client.authenticate(tokens[next++]!);
      }
    };
    const answer = (text: string): void => {
      const now = performance.now();
      // One transition may answer several changes that came close together.
      for (const identity = identityOf(text); done < identity; done++) {
        answered++;
        if (answered === task.warmUp) {
          measureFrom = now;
        } else if (answered > task.warmUp) {
          samples.push(now - sentAt[done]!);
        }
        send();
      }
      if (done === sentAt.length && next === tokens.length) {
        resolve();
      }
    };
    client.onTransition = (text) => client.together(() => answer(text));
    client.together(() => {
      for (let i = 0; i < task.inFlight; i++) {
        send();
      }
    });
  });
}

/** The version of the identity that a transition brings its client to. */
function identityOf(transition: string): number {
  const end = transition.indexOf('"endVersion"');
  const at = transition.indexOf('"identity":', end) + '"identity":'.length;
  return Number.parseInt(transition.slice(at, at + 10), 10);
}

const clients: SyncClient[] = [];
for (let i = 0; i < task.sockets; i++) {
  clients.push(await SyncClient.connect(task.url));
}
await Promise.all(clients.map(run));
const seconds = (performance.now() - measureFrom) / 1000;
console.log(JSON.stringify(latencies(samples, seconds) satisfies Latencies));
process.exit(0);

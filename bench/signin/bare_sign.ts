/** The limit of minting: RS256 signatures and nothing else, off the main thread or in a single loop. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { cpus } from "node:os";
import { latencies } from "../harness/benchmark.ts";

const { threads, warmUpSeconds, seconds } = JSON.parse(process.argv[2]!) as {
  /** Signs on libuv's threads; on the main thread otherwise. */
  threads: boolean;
  warmUpSeconds: number;
  seconds: number;
};
/** A token without its signature has about as many bytes. */
const TOKEN_BYTES = 400;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const token = randomBytes(TOKEN_BYTES);
const signOnThread = () =>
  new Promise<void>((resolve, reject) =>
    sign("RSA-SHA256", token, privateKey, (error) => (error === null ? resolve() : reject(error))),
  );
const measureFrom = performance.now() + warmUpSeconds * 1000;
const end = measureFrom + seconds * 1000;
const samples: number[] = [];

async function loop(signOne: () => Promise<void> | Buffer): Promise<void> {
  for (let now = performance.now(); now < end; ) {
    const sent = now;
    await signOne();
    now = performance.now();
    if (sent >= measureFrom && now <= end) {
      samples.push(now - sent);
    }
  }
}

await Promise.all(
  threads
    ? cpus().flatMap(() => [loop(signOnThread), loop(signOnThread)])
    : [loop(() => sign("RSA-SHA256", token, privateKey))],
);
console.log(JSON.stringify(latencies(samples, seconds)));
process.exit(0);

/** The limit of sign-ins: password hashes and nothing else, one in work for each core. */
import { cpus } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { latencies } from "../harness/benchmark.ts";
import { HASH, PASSWORD } from "./hash.ts";

const { warmUpSeconds, seconds } = JSON.parse(process.argv[2]!) as { warmUpSeconds: number; seconds: number };
const digest = await hash(PASSWORD, HASH);
const measureFrom = performance.now() + warmUpSeconds * 1000;
const end = measureFrom + seconds * 1000;
const samples: number[] = [];
// Each is worked on by a thread of libuv's pool, so there are as many threads at work as there are loops.
await Promise.all(
  cpus().map(async () => {
    for (let now = performance.now(); now < end; ) {
      const sent = now;
      if (!(await verify(digest, PASSWORD))) {
        throw new Error("A password was not recognised by its own digest.");
      }
      now = performance.now();
      if (sent >= measureFrom && now <= end) {
        samples.push(now - sent);
      }
    }
  }),
);
console.log(JSON.stringify(latencies(samples, seconds)));
process.exit(0);

/** `npm run bench -- <name>`: runs one benchmark, prints its figures, and keeps them in bench/results/. */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { fanout } from "./fanout/fanout.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { query } from "./query/query.ts";
import { selective } from "./selective/selective.ts";
import { signin } from "./signin/signin.ts";
import { transfer } from "./transfer/transfer.ts";
import { verify } from "./verify/verify.ts";

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  transfer,
  fanout,
  query,
  selective,
  signin,
  verify,
};

const name = process.argv[2] ?? "";
const benchmark = BENCHMARKS[name];
if (benchmark === undefined) {
  console.error(`Name a benchmark: npm run bench -- ${Object.keys(BENCHMARKS).join(" | ")}`);
  process.exit(1);
}

const { figures, summary } = await benchmark();
const results = fileURLToPath(new URL(`./results/${name}.json`, import.meta.url));
const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
writeFileSync(results, `${JSON.stringify({ name, machine, summary, figures }, null, 2)}\n`);
console.log(summary);

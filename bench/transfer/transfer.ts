import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tandemWithAccounts } from "../harness/accounts.ts";
import type { BenchmarkResult, Latencies } from "../harness/benchmark.ts";
import { row } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import type { Distribution } from "../harness/picks.ts";
import { firstLine } from "../harness/tandem.ts";
import type { LoadTask } from "./load.ts";

const ACCOUNTS = 100_000;
const RUN = { clients: 50, warmUpSeconds: 3, seconds: 10 };

const load = (task: LoadTask) => loadProcess<Latencies>(new URL("./load.ts", import.meta.url), task);

/** 50 clients move money between two of 100,000 accounts; beside it the same over HTTP, SQLite and Drizzle. */
export async function transfer(): Promise<BenchmarkResult> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-transfer-"));
  try {
    const peer = await measurePeer(join(folder, "peer.sqlite"));
    const { uniform, hot } = await measureTandem(join(folder, "ids.json"));
    console.log(row("peer, uniform", peer.uniform));
    console.log(row("peer, hot (Zipf 1.5)", peer.hot));
    console.log(row("tandem, uniform", uniform));
    console.log(row("tandem, hot (Zipf 1.5)", hot));
    const ratio = uniform.rate / peer.uniform.rate;
    return {
      figures: { tandem: { uniform, hot }, peer },
      summary: `transfer ratio=${ratio.toFixed(2)} hot=${(hot.rate / uniform.rate).toFixed(2)}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePeer(file: string): Promise<{ uniform: Latencies; hot: Latencies }> {
  const server = spawn(
    process.execPath,
    [new URL("./peer.ts", import.meta.url).pathname, file, String(ACCOUNTS)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { url } = JSON.parse(await firstLine(server)) as { url: string };
  const run = (distribution: Distribution) =>
    load({ ...RUN, kind: "peer", url, accounts: ACCOUNTS, distribution });
  const figures = { uniform: await run("uniform"), hot: await run("zipf") };
  server.kill("SIGTERM");
  await once(server, "exit");
  return figures;
}

async function measureTandem(idsFile: string): Promise<{ uniform: Latencies; hot: Latencies }> {
  const { tandem, ids } = await tandemWithAccounts(ACCOUNTS);
  try {
    writeFileSync(idsFile, JSON.stringify(ids));
    const run = (distribution: Distribution) =>
      load({ ...RUN, kind: "tandem", url: tandem.backendUrl, ids: idsFile, distribution });
    return { uniform: await run("uniform"), hot: await run("zipf") };
  } finally {
    await tandem.stop();
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tandemWithAccounts } from "../harness/accounts.ts";
import { type BenchmarkResult, type Latencies, row } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import { firstLine } from "../harness/tandem.ts";
import type { QueryTask } from "./load.ts";

/** More than a run asks for, so that the uncached ones stay uncached. */
const ACCOUNTS = 200_000;
const RUN = { clients: 50, warmUpSeconds: 2, seconds: 8 };

const load = (task: QueryTask) => loadProcess<Latencies>(new URL("./load.ts", import.meta.url), task);

/** Point queries over the socket, answered from the cache and computed; beside them a bare JSON echo over `ws`. */
export async function query(): Promise<BenchmarkResult> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-query-"));
  const ids = join(folder, "ids.json");
  const echoServer = spawn(process.execPath, [new URL("./echo.ts", import.meta.url).pathname], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url } = JSON.parse(await firstLine(echoServer)) as { url: string };
  const echo = await load({ ...RUN, kind: "echo", url, ids });
  echoServer.kill("SIGTERM");
  await once(echoServer, "exit");

  const { tandem, ids: accounts } = await tandemWithAccounts(ACCOUNTS);
  try {
    writeFileSync(ids, JSON.stringify(accounts));
    const cached = await load({ ...RUN, kind: "cached", url: tandem.backendUrl, ids });
    const uncached = await load({ ...RUN, kind: "uncached", url: tandem.backendUrl, ids });
    console.log(row("bare ws, JSON echo", echo));
    console.log(row("tandem, cached", cached));
    console.log(row("tandem, uncached", uncached));
    const ratio = (figures: Latencies) => (figures.rate / echo.rate).toFixed(2);
    return {
      figures: { cached, uncached, echo },
      summary: `query cached=${ratio(cached)} uncached=${ratio(uncached)}`,
    };
  } finally {
    await tandem.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

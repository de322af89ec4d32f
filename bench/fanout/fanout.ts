import { spawn } from "node:child_process";
import { once } from "node:events";
import { tandemWithAccounts } from "../harness/accounts.ts";
import type { BenchmarkResult } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import { firstLine } from "../harness/tandem.ts";
import type { FanoutFigures, FanoutTask } from "./load.ts";

const RUN = { watchers: 1000, warmUpSeconds: 2, seconds: 10 };

const load = (task: FanoutTask) => loadProcess<FanoutFigures>(new URL("./load.ts", import.meta.url), task);

/** One query watched by 1,000 sockets while it changes as fast as it can; beside it bare `ws` with the same bytes. */
export async function fanout(): Promise<BenchmarkResult> {
  const { tandem, ids } = await tandemWithAccounts(2);
  const ours = await load({ ...RUN, kind: "tandem", url: tandem.backendUrl, ids }).finally(() =>
    tandem.stop(),
  );

  const server = spawn(
    process.execPath,
    [new URL("./bare.ts", import.meta.url).pathname, String(ours.bytes)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { url } = JSON.parse(await firstLine(server)) as { url: string };
  const bare = await load({ ...RUN, kind: "bare", url, ids: [] });
  server.kill("SIGTERM");
  await once(server, "exit");

  for (const [title, figures] of Object.entries({ tandem: ours, "bare ws": bare })) {
    console.log(
      `${title.padEnd(10)} ${figures.deliveries.toFixed(0).padStart(8)} messages/s of ${figures.bytes} bytes, ` +
        `${figures.writes.toFixed(0)} writes/s`,
    );
  }
  return {
    figures: { ours, bare },
    summary: `fanout ratio=${(ours.deliveries / bare.deliveries).toFixed(2)}`,
  };
}

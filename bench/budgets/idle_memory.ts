import { tandemWithAccounts } from "../harness/accounts.ts";
import { SyncClient } from "../harness/sync_client.ts";
import { startTandem } from "../harness/tandem.ts";
import { residentMegabytes, restingMegabytes } from "./memory.ts";

const CONCURRENT = 200;
const REST_SECONDS = 60;

/** The program at rest, and how much more it holds a minute after 200 queries at once. */
export async function idleMemory(): Promise<{ idle_mb: number; idle_after_burst_pct: number }> {
  const fresh = await startTandem();
  const idle = await restingMegabytes(fresh.pid, 5);
  await fresh.stop();

  const { tandem, ids } = await tandemWithAccounts(CONCURRENT);
  try {
    await query(tandem.backendUrl, ids.slice(0, 1));
    const before = await restingMegabytes(tandem.pid, REST_SECONDS);
    await Promise.all(ids.map((id) => query(tandem.backendUrl, [id])));
    await restingMegabytes(tandem.pid, REST_SECONDS);
    const after = residentMegabytes(tandem.pid);
    return { idle_mb: idle, idle_after_burst_pct: Math.max(0, (100 * (after - before)) / before) };
  } finally {
    await tandem.stop();
  }
}

async function query(url: string, ids: readonly string[]): Promise<void> {
  const client = await SyncClient.connect(url);
  await new Promise<void>((resolve) => {
    client.onTransition = () => resolve();
    client.modify(
      ids.map((id, queryId) => ({ type: "Add", queryId, udfPath: "accounts:balance", args: [{ id }] })),
    );
  });
  client.close();
}

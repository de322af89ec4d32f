import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SyncClient } from "../harness/sync_client.ts";
import { pushApp, startTandem } from "../harness/tandem.ts";

const APP = new URL("./blobs/", import.meta.url);
const GIGABYTE = 2 ** 30;
const BLOB_BYTES = 500_000;
const BLOBS_PER_MUTATION = 20;

/** From starting the program to its first answered query, without data and with 1 GiB of it. */
export async function startTimes(): Promise<{ start_empty_ms: number; start_1gb_ms: number }> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-start-"));
  try {
    const first = await startTandem(folder);
    await pushApp(first, APP);
    await first.stop();
    const empty = await startToAnswer(folder);

    const filled = await startTandem(folder);
    const client = await SyncClient.connect(filled.backendUrl);
    for (let bytes = 0; bytes < GIGABYTE; bytes += BLOB_BYTES * BLOBS_PER_MUTATION) {
      await client.mutation("blobs:add", { count: BLOBS_PER_MUTATION, bytes: BLOB_BYTES });
    }
    client.close();
    await filled.stop();
    const size = statSync(join(folder, "data.sqlite")).size;
    if (size < GIGABYTE) {
      throw new Error(`The database should hold 1 GiB, but its file has ${size} bytes.`);
    }
    return { start_empty_ms: empty, start_1gb_ms: await startToAnswer(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startToAnswer(folder: string): Promise<number> {
  const began = performance.now();
  const tandem = await startTandem(folder);
  const client = await SyncClient.connect(tandem.backendUrl);
  await new Promise<void>((resolve) => {
    client.onTransition = () => resolve();
    client.modify([{ type: "Add", queryId: 0, udfPath: "blobs:first", args: [{}] }]);
  });
  const took = performance.now() - began;
  client.close();
  await tandem.stop();
  return took;
}

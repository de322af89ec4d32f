import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointAnswer, CheckpointRequest, CheckpointThreadData } from "./checkpoint_thread.ts";

// The checkpointer's thread: moves the WAL into the database while the writer goes on writing behind it.

/** After so many rounds what is left is what the writer wrote during the last one. */
const ROUNDS = 3;
/** So few pages are left to the writer: 1 MB. */
const FEW_PAGES = 256;

if (parentPort === null) throw new Error("checkpoint_worker.ts runs as a worker thread only.");
const port = parentPort;
const { path } = workerData as CheckpointThreadData;
const database = new DatabaseSync(path, { returnArrays: true });
database.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256; PRAGMA synchronous = NORMAL");
const moveWal = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");

port.on("message", (request: CheckpointRequest) => {
  if (request === "close") {
    database.close();
    port.close();
    return;
  }
  let failure: string | null = null;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const [, pages, moved] = moveWal.get() as unknown as [busy: number, pages: number, moved: number];
      if (pages - moved < FEW_PAGES) break;
    }
  } catch (error) {
    failure = (error as Error).message;
  }
  port.postMessage({ failure } satisfies CheckpointAnswer);
});

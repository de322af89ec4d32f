import { parentPort, workerData } from "node:worker_threads";
import { StoreError } from "../store_error.ts";
import { unpackCommits } from "./packed_commits.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { WriteQueue } from "./write_queue.ts";
import type { WriterAnswer, WriterRequest, WriterThreadData } from "./writer_messages.ts";

// The writer's thread: carries out requests in the queue's order and answers each.

if (parentPort === null) throw new Error("writer_worker.ts runs as a worker thread only.");
const port = parentPort;
const { path } = workerData as WriterThreadData;
const queue = new WriteQueue(new SqliteWriter(path), path);

port.on("message", (request: WriterRequest) => {
  const answer = (message: WriterAnswer) => {
    port.postMessage(message);
    // Nothing is left that would keep the thread alive.
    if (request.kind === "close") port.close();
  };
  carryOut(request).then(
    (value) => answer({ number: request.number, kind: "done", value }),
    (error: unknown) => {
      const code = error instanceof StoreError ? error.code : "FAILED";
      answer({ number: request.number, kind: "failed", code, message: String((error as Error).message) });
    },
  );
});

async function carryOut(request: WriterRequest) {
  switch (request.kind) {
    case "append":
      return queue.append(request.head, unpackCommits(request.commits));
    case "prune":
      return queue.prune(request.horizon, request.budget);
    case "discard":
      return queue.discard(request.what, request.budget);
    case "backfill":
      await queue.backfill(request.indexId, request.entries);
      return;
    case "close":
      await queue.close();
      return;
    default:
      return request satisfies never;
  }
}

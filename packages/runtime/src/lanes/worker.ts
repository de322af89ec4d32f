import { parentPort, workerData } from "node:worker_threads";
import { openSqliteReader } from "@tandem/engine";
import type { FromLane, LaneWorkerData, ToLane } from "./lane_host.ts";
import { openReadLane, openWriteLane } from "./lane_messages.ts";
import { MessageBatch } from "./message_batch.ts";
import { systemSeams } from "./system_seams.ts";

// The entry of a lane's thread: opens its own connection, then takes messages until it is told to close.
const port = parentPort!;
const { role, path, settings, durable } = workerData as LaneWorkerData;
const reader = openSqliteReader(path);
const batch = new MessageBatch<FromLane>((messages) => port.postMessage(messages));
const answer = (message: FromLane) => batch.add(message);
const seams = systemSeams();
const lane =
  role === "read"
    ? await openReadLane(reader, settings, seams, answer)
    : await openWriteLane(reader, durable, settings, seams, answer);

port.on("message", (messages: readonly ToLane[] | "close") => {
  if (messages !== "close") {
    for (const message of messages) lane.take(message);
    return;
  }
  lane.close();
  reader.close();
  port.close();
});

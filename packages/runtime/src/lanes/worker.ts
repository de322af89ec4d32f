import { parentPort, workerData } from "node:worker_threads";
import { openSqliteReader } from "@tandem/engine";
import type { FromLane, LaneWorkerData } from "./lane_host.ts";
import { openReadLane, openWriteLane } from "./lane_messages.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packFromLane, unpackToLane } from "./message_codec.ts";
import { systemSeams } from "./system_seams.ts";

// The entry of a lane's thread: opens its own connection, then takes messages until it is told to close.
const port = parentPort!;
const { role, path, settings, durable } = workerData as LaneWorkerData;
// What the write lane reads it reads again and again; a query's thread has others beside it.
const reader = openSqliteReader(path, { cacheKibibytes: role === "write" ? 32_768 : 4096 });
const batch = new MessageBatch<FromLane>((messages) => port.postMessage(packFromLane(messages)));
const answer = (message: FromLane) => batch.add(message);
const seams = systemSeams();
const lane =
  role === "read"
    ? await openReadLane(reader, settings, seams, answer)
    : await openWriteLane(reader, durable, settings, seams, answer);

port.on("message", (messages: PackedMessages | "close") => {
  if (messages !== "close") {
    unpackToLane(messages, (message) => lane.take(message));
    return;
  }
  lane.close();
  reader.close();
  port.close();
});

import { parentPort, workerData } from "node:worker_threads";
import { openSqliteReader } from "@tandem/engine";
import type { FromLane, ReadLaneWorkerData, ToLane } from "./lane_host.ts";
import { openReadLane } from "./lane_messages.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packMessages, unpackMessages } from "./message_codec.ts";
import { systemSeams } from "./system_seams.ts";

// The entry of a read lane's thread: opens its own connection, then takes messages until it is told to close.
const port = parentPort!;
const { path, settings } = workerData as ReadLaneWorkerData;
// It goes when the lane has nothing to do for a minute.
const reader = openSqliteReader(path, { cacheKibibytes: 32_768 });
const batch = new MessageBatch<FromLane>((messages) => port.postMessage(packMessages(messages)));
const lane = await openReadLane(reader, settings, systemSeams(), (message) => batch.add(message));

port.on("message", (messages: PackedMessages | "close") => {
  if (messages !== "close") {
    unpackMessages<ToLane>(messages, (message) => lane.take(message));
    return;
  }
  lane.close();
  reader.close();
  port.close();
});

import { parentPort, workerData } from "node:worker_threads";
import { DatabaseHost, type FromDatabase, openPreparedSqlite } from "@tandem/engine";
import type {
  DatabaseWorkerData,
  FromDatabaseThread,
  FromLane,
  LaneEnd,
  ToDatabaseThread,
  ToLane,
} from "./lane_host.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packMessages, unpackMessages } from "./message_codec.ts";
import { systemSeams } from "./system_seams.ts";

// The entry of the database's thread: opens the one connection that writes, then takes messages until it is told
// to close. The write lane is opened when there are functions to run: without them its isolate only costs memory.

const port = parentPort!;
const { path, settings, window } = workerData as DatabaseWorkerData;
const persistence = openPreparedSqlite(path);
const seams = systemSeams();
const timers = {
  setTimeout: (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref(),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
};
const batch = new MessageBatch<FromDatabaseThread>((messages) => port.postMessage(packMessages(messages)));
const tell = (message: FromDatabase) => {
  batch.add(message);
  if (message.kind === "fatal") batch.flush();
};
const host = await DatabaseHost.open({ persistence, clock: seams.clock, timers, window, tell });
let lane: Promise<LaneEnd> | null = null;
let openedLane: LaneEnd | null = null;

const answer = (message: FromLane) => {
  if (message.kind === "outcome" || message.kind === "laneFailed") host.ended();
  batch.add(message);
};

async function openLane(): Promise<LaneEnd> {
  const { WriteSide } = await import("./write_side.ts");
  openedLane = new WriteSide({ database: host, reader: persistence, settings, seams, timers, answer });
  return openedLane;
}

function toLane(message: ToLane): void {
  if (openedLane !== null) {
    openedLane.send(message);
    return;
  }
  lane ??= openLane();
  void lane.then((end) => end.send(message));
}

function take(message: ToDatabaseThread): void {
  switch (message.kind) {
    case "mutation":
      host.whenFree(() => toLane(message));
      return;
    case "open":
    case "load":
    case "environment":
    case "retire":
    case "query":
      toLane(message);
      return;
    case "closeLane":
      void Promise.resolve(lane)
        .then((end) => end?.close())
        .then(() => batch.add({ kind: "laneClosed" }));
      return;
    default:
      host.take(message);
  }
}

port.on("message", (messages: PackedMessages | "end") => {
  if (messages === "end") port.close();
  else unpackMessages<ToDatabaseThread>(messages, take);
});

import { Worker } from "node:worker_threads";
import { LaneError } from "./lane.ts";
import type { FromLane, LaneEnd, LaneWorkerData, ToLane } from "./lane_host.ts";
import type { MessageLane } from "./lane_messages.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packToLane, unpackFromLane } from "./message_codec.ts";

/** A lane in a thread of its own. `died` is called when the thread ends before it is closed. */
export function workerLane(
  data: LaneWorkerData,
  answer: (message: FromLane) => void,
  died: (error: LaneError) => void,
): LaneEnd {
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(isSource ? "./worker.ts" : "./lane_worker.js", import.meta.url), {
    workerData: data,
    ...(isSource ? { execArgv: ["--conditions=tandem-source"] } : {}),
  });
  let isClosing = false;
  const ended = new Promise<void>((resolve) => {
    let cause = "its thread ended";
    worker.on("error", (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", () => {
      resolve();
      if (!isClosing) died(new LaneError("InternalServerError", `A lane stopped: ${cause}. Try again.`));
    });
  });
  worker.on("message", (messages: PackedMessages) => unpackFromLane(messages, answer));
  const batch = new MessageBatch<ToLane>((messages) => worker.postMessage(packToLane(messages)));
  return {
    send: (message) => batch.add(message),
    async close() {
      isClosing = true;
      batch.flush();
      worker.postMessage("close");
      await ended;
    },
  };
}

/** The same lane in this thread: for the simulation, for tests and for stores that live in this process. */
export function inProcessLane(opening: Promise<MessageLane>): LaneEnd {
  let lane: MessageLane | null = null;
  const early: ToLane[] = [];
  const opened = opening.then((one) => {
    lane = one;
    for (const message of early) one.take(message);
  });
  return {
    send(message) {
      if (lane === null) early.push(message);
      else lane.take(message);
    },
    async close() {
      await opened;
      lane?.close();
    },
  };
}

import { Worker } from "node:worker_threads";
import { LaneError } from "./lane.ts";
import type { FromLane, LaneEnd, ReadLaneWorkerData, ToLane } from "./lane_host.ts";
import type { MessageLane } from "./lane_messages.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packMessages, unpackMessages } from "./message_codec.ts";

const isSource = import.meta.url.endsWith(".ts");

/** Starts a thread of this package: from its source file, or from the file that it is built into. */
export function startThread(source: string, built: string, name: string, workerData: unknown): Worker {
  return new Worker(new URL(isSource ? source : built, import.meta.url), {
    name,
    workerData,
    ...(isSource ? { execArgv: ["--conditions=tandem-source"] } : {}),
  });
}

/** A read lane in a thread of its own. `died` is called when the thread ends before it is closed. */
export function readLaneThread(
  data: ReadLaneWorkerData,
  answer: (message: FromLane) => void,
  died: (error: LaneError) => void,
): LaneEnd {
  const worker = startThread("./read_worker.ts", "./read_worker.js", "read_lane", data);
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
  worker.on("message", (messages: PackedMessages) => unpackMessages(messages, answer));
  const batch = new MessageBatch<ToLane>(
    (messages) => worker.postMessage(packMessages(messages)),
    setImmediate,
  );
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

/** A read lane in this thread: for the simulation, for tests and for stores that live in this process. */
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
